/*
 * proc: what the kernel says of a worker's process (proc_pid_stat(5)).
 *
 * Use:
 *	proc_read(&slot);
 */
#ifndef TOOLS_SAMPLE_PROC_H
#define TOOLS_SAMPLE_PROC_H

#include "tools/sample/sample.h"

/*
 * Fills in is_stopped, age_ns, cpu_ns and memory_bytes of slot->pid; leaves
 * them as they are when there is no such process here.
 */
void proc_read(struct sample_slot *slot);

#endif
