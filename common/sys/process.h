/*
 * process: what the system may do with this process.
 *
 * Use:
 *	process_hide_memory();
 *	... then load keys ...
 */
#ifndef COMMON_SYS_PROCESS_H
#define COMMON_SYS_PROCESS_H

/*
 * The memory of this process and of its children to come, with the keys in it,
 * goes neither to a core file nor to a debugger (prctl(2), PR_SET_DUMPABLE). A
 * sanitizer build stays as it is: its leak check is a debugger.
 */
void process_hide_memory(void);

#endif
