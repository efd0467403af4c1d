#include "proto/host/background.h"

#include <stdatomic.h>
#include <stdlib.h>

struct job {
	background_work *work;
	background_done *done;
	void *ctx;
};

struct background {
	uv_timer_t look;
	uv_thread_t thread;
	uv_sem_t posted;
	struct job jobs[BACKGROUND_MAX_JOBS];    /* a ring: [told, finished) are done, [finished, begun) are not */
	size_t begun, told;                      /* the loop's */
	atomic_size_t finished;                  /* the thread's */
	atomic_bool ending;
	bool closing;
};

static void run(void *ctx)
{
	struct background *b = ctx;

	background_enter();
	for (;;) {
		const struct job *j;

		uv_sem_wait(&b->posted);
		if (b->ending)
			return;
		j = &b->jobs[b->finished % BACKGROUND_MAX_JOBS];
		j->work(j->ctx);
		b->finished++;
	}
}

static void on_look(uv_timer_t *timer)
{
	struct background *b = timer->data;

	while (b->told < b->finished) {
		struct job j = b->jobs[b->told++ % BACKGROUND_MAX_JOBS];

		if (j.done)
			j.done(j.ctx);
	}
	if (b->told < b->begun)
		return;
	uv_timer_stop(timer);
	if (b->closing && !uv_is_closing((uv_handle_t *)timer))    /* a job's done may have closed it */
		uv_close((uv_handle_t *)timer, NULL);
}

struct background *background_create(uv_loop_t *loop)
{
	struct background *b = calloc(1, sizeof *b);

	if (!b)
		return NULL;
	if (uv_sem_init(&b->posted, 0) != 0) {
		free(b);
		return NULL;
	}
	if (uv_thread_create(&b->thread, run, b) != 0) {
		uv_sem_destroy(&b->posted);
		free(b);
		return NULL;
	}
	uv_timer_init(loop, &b->look);
	b->look.data = b;
	return b;
}

bool background_run(struct background *b, background_work *work, background_done *done, void *ctx)
{
	if (b->closing || b->begun - b->told == BACKGROUND_MAX_JOBS)
		return false;
	b->jobs[b->begun++ % BACKGROUND_MAX_JOBS] = (struct job){ .work = work, .done = done, .ctx = ctx };
	uv_sem_post(&b->posted);
	uv_timer_start(&b->look, on_look, BACKGROUND_LOOK_MS, BACKGROUND_LOOK_MS);
	return true;
}

void background_close(struct background *b)
{
	if (!b || b->closing)
		return;
	b->closing = true;
	if (b->told == b->begun)
		uv_close((uv_handle_t *)&b->look, NULL);
}

void background_release(struct background *b)
{
	if (!b)
		return;
	b->ending = true;
	uv_sem_post(&b->posted);
	uv_thread_join(&b->thread);
	uv_sem_destroy(&b->posted);
	free(b);
}
