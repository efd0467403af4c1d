/* background: a thread that gives way to all others, for work that takes long and must delay no event: loading rules,
 * freeing old ones, asking the store. The loop hands it jobs in order, and looks by a timer whether they are done. It
 * looks because being woken would make it wait: a thread that has given way may lose the processor while it holds a lock, or
 * in the middle of libuv's async send, on which the loop then spins (unix/async.c of libuv 1.44, uv__async_spin).
 * Loop thread only, but for the work itself. */
#ifndef VITRINE_HOST_BACKGROUND_H
#define VITRINE_HOST_BACKGROUND_H

#include <stdbool.h>
#include <uv.h>

enum {
	BACKGROUND_MAX_JOBS = 64,    /* reloads wait for each other; queries come from a few dozen clients at most */
	BACKGROUND_LOOK_MS = 5,
};

struct background;

typedef void background_work(void *ctx);    /* on the thread */
typedef void background_done(void *ctx);    /* on the loop, afterwards */

struct background *background_create(uv_loop_t *loop);    /* NULL: no memory, or no thread */
/* done may be NULL: then ctx belongs to the work. False: too many wait, or it is closed; nothing was begun. */
bool background_run(struct background *b, background_work *work, background_done *done, void *ctx);
void background_close(struct background *b);      /* after what was begun; the loop ends then. NULL is fine */
void background_release(struct background *b);    /* after the loop has ended; NULL is fine */

/* The calling thread gives way to all others from now on, for good. No error: without it all is slower only. */
void background_enter(void);

#endif
