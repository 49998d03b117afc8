/*
 * control: what the master orders its workers, and what they report to it, over
 * a SOCK_SEQPACKET pair. The end of file says that the other process has died.
 *
 * Use:
 *	fd_open_pair(&master_end, &worker_end, &e);
 *	... CONTROL_CONNECTED comes ...
 *	order = (struct control_order){ CONTROL_START, start_ns, stop_ns };
 *	control_send_order(master_end, &order);
 *	... CONTROL_FINISHED comes ...
 *	order = (struct control_order){ .kind = CONTROL_STOP };
 *	control_send_order(master_end, &order);
 */
#ifndef CLIENT_CONTROL_H
#define CLIENT_CONTROL_H

#include <stdint.h>

enum control_order_kind {
	CONTROL_START, /* send messages until stop_ns */
	CONTROL_STOP,  /* begin nothing more, and close with close_notify */
	CONTROL_ABORT  /* end all connections at once */
};

struct control_order {
	enum control_order_kind kind;
	int64_t start_ns; /* when the first event of an open loop is due */
	int64_t stop_ns;  /* of clock_now_ns; INT64_MAX: no limit */
};

/* In this order. A worker whose connections are all over just leaves. */
enum control_report {
	CONTROL_CONNECTED = 1, /* all connections are open or have failed */
	CONTROL_FINISHED,      /* no round trip is under way or will be */
	CONTROL_MISMATCH       /* at any time: an echo is wrong */
};

enum control_result {
	CONTROL_GOT,
	CONTROL_NOTHING, /* not yet */
	CONTROL_GONE     /* the other process */
};

/* Without effect if the worker has just died, which SIGCHLD reports. */
void control_send_order(int master_end, const struct control_order *order);
enum control_result control_receive_report(
    int master_end, enum control_report *report);

void control_send_report(int worker_end, enum control_report report);
enum control_result control_receive_order(
    int worker_end, struct control_order *order);

#endif
