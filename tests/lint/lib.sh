# shellcheck shell=sh
# What the checks share. They run from the root of the tree, print what is
# wrong, and exit 0 only if nothing is.

# need TOOL...: a check without its tool fails.
need()
{
	for tool in "$@"; do
		command -v "$tool" >/dev/null && continue
		echo "$tool not found: run \`make deps-lint\`"
		exit 1
	done
}

# The project's C files, new ones included.
c_files()
{
	find . -path ./build -prune -o -name '*.[ch]' -print | sed 's|^\./||' |
		sort
}

# matches NAME 'PATTERN...': one of the shell patterns matches.
matches()
{
	for pattern in $2; do
		# shellcheck disable=SC2254 # it is a pattern
		case $1 in
		$pattern) return 0 ;;
		esac
	done
	return 1
}
