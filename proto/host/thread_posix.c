#include "proto/host/thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct thread {
	pthread_t id;
	thread_main *main;
	void *ctx;
};

static void *run(void *arg)
{
	struct thread *t = arg;

	t->main(t->ctx);
	return NULL;
}

enum status thread_start(thread_main *main, void *ctx, struct thread **out, struct diag *why)
{
	struct thread *t = malloc(sizeof *t);
	int err;

	if (!t)
		return diag_set(why, ST_NOMEM, "out of memory");
	*t = (struct thread){ .main = main, .ctx = ctx };
	err = pthread_create(&t->id, NULL, run, t);
	if (err == 0) {
		*out = t;
		return ST_OK;
	}
	free(t);
	return diag_set_os(why, err, "no thread");
}

void thread_join(struct thread *t)
{
	if (!t)
		return;
	pthread_join(t->id, NULL);
	free(t);
}

void thread_sleep_ms(uint32_t ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left) != 0 && errno == EINTR) {
	}
}
