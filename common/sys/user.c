/* user: setresuid(2), getpwnam(3); see the header. */
#include "common/sys/user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/units.h"

enum {
	NAME_MAX_BYTES = 256
};

static bool
parse_number(const char *text, uint32_t *number)
{
	struct errmsg ignored;
	uint64_t n;

	if (units_parse_count(text, &n, &ignored) < 0 || n >= UINT32_MAX)
		return false;
	*number = (uint32_t)n;
	return true;
}

static int
find_group(const char *name, gid_t *gid, struct errmsg *e)
{
	const struct group *group = getgrnam(name);

	if (group != NULL)
		*gid = group->gr_gid;
	else if (!parse_number(name, gid))
		return errmsg_set(e, "there is no group '%s'", name);
	return 0;
}

/* *has_group: the user is in the database, which says its group, too. */
static int
find_user(
    const char *name, struct user *user, bool *has_group, struct errmsg *e)
{
	const struct passwd *entry = getpwnam(name);

	if (entry == NULL && parse_number(name, &user->uid))
		entry = getpwuid(user->uid);
	else if (entry == NULL)
		return errmsg_set(e, "there is no user '%s'", name);
	*has_group = entry != NULL;
	if (entry != NULL) {
		user->uid = entry->pw_uid;
		user->gid = entry->pw_gid;
	}
	return user->uid != 0
	    ? 0
	    : errmsg_set(e, "'%s' is root: name a user without rights", name);
}

int
user_parse(struct user *user, const char *text, struct errmsg *e)
{
	const char *colon = strchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : strlen(text);
	char name[NAME_MAX_BYTES];
	bool has_group = false;

	if (n == 0 || n >= sizeof name || (colon != NULL && colon[1] == '\0'))
		return errmsg_set(e, "'%s' is not NAME or NAME:GROUP", text);
	(void)snprintf(name, sizeof name, "%.*s", (int)n, text);
	if (find_user(name, user, &has_group, e) < 0)
		return -1;
	user->text = text;
	if (colon != NULL)
		return find_group(colon + 1, &user->gid, e);
	return has_group ? 0
			 : errmsg_set(e,
			       "user %s has no name, and so no group: "
			       "give NAME:GROUP",
			       name);
}

static bool
is_already(const struct user *user)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	return getresuid(&r, &e, &s) == 0 && getresgid(&rg, &eg, &sg) == 0 &&
	    r == user->uid && e == user->uid && s == user->uid &&
	    rg == user->gid && eg == user->gid && sg == user->gid;
}

int
user_check(const struct user *user, struct errmsg *e)
{
	if (geteuid() == 0 || is_already(user))
		return 0;
	return errmsg_set(e, "only root can become '%s'", user->text);
}

int
user_become(const struct user *user, struct errmsg *e)
{
	if (geteuid() != 0 && is_already(user))
		return 0;
	if (setgroups(0, NULL) < 0)
		return errmsg_set_errno(e, errno, "setgroups");
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return errmsg_set_errno(e, errno, "setresgid");
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return errmsg_set_errno(e, errno, "setresuid");
	if (!is_already(user) || setuid(0) == 0)
		return errmsg_set(e, "user '%s': root again", user->text);
	return 0;
}
