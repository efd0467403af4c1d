#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "proto/host/background.h"

struct task {
	uv_thread_t loop_thread;
	int *order, number;
	int worked, done;        /* places in the order; 0: not yet */
	bool worked_elsewhere, done_here;
	struct background *then_close;
};

static void work(void *ctx)
{
	struct task *t = ctx;
	uv_thread_t self = uv_thread_self();

	t->worked_elsewhere = !uv_thread_equal(&self, &t->loop_thread);
	t->worked = ++*t->order;
}

static void done(void *ctx)
{
	struct task *t = ctx;
	uv_thread_t self = uv_thread_self();

	t->done_here = uv_thread_equal(&self, &t->loop_thread);
	t->done = t->worked;
	background_close(t->then_close);
}

static void background__works_in_order_elsewhere_and_tells_the_loop(void **state)
{
	struct task tasks[BACKGROUND_MAX_JOBS];
	struct background *b;
	uv_loop_t loop;
	int order = 0;

	(void)state;
	assert_int_equal(uv_loop_init(&loop), 0);
	b = background_create(&loop);
	assert_non_null(b);
	for (int i = 0; i < BACKGROUND_MAX_JOBS; i++) {
		tasks[i] = (struct task){ .loop_thread = uv_thread_self(), .order = &order };
		assert_true(background_run(b, work, done, &tasks[i]));
	}
	assert_false(background_run(b, work, done, &tasks[0]));
	background_close(b);
	assert_false(background_run(b, work, done, &tasks[0]));
	uv_run(&loop, UV_RUN_DEFAULT);
	for (int i = 0; i < BACKGROUND_MAX_JOBS; i++) {
		assert_int_equal(tasks[i].done, i + 1);
		assert_true(tasks[i].worked_elsewhere);
		assert_true(tasks[i].done_here);
	}
	background_release(b);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void background__may_be_closed_from_what_it_tells_and_run_more_than_its_ring_holds(void **state)
{
	struct task t = { .loop_thread = uv_thread_self() }, nothing = t;
	struct background *b;
	uv_loop_t loop;
	int order = 0;

	(void)state;
	t.order = nothing.order = &order;
	assert_int_equal(uv_loop_init(&loop), 0);
	b = background_create(&loop);
	for (int i = 0; i < 3 * BACKGROUND_MAX_JOBS; i++) {
		assert_true(background_run(b, work, i % 2 ? NULL : done, &nothing));
		uv_run(&loop, UV_RUN_DEFAULT);    /* an idle one keeps no loop alive */
	}
	t.then_close = b;
	assert_true(background_run(b, work, done, &t));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(t.done, 3 * BACKGROUND_MAX_JOBS + 1);
	background_release(b);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(background__works_in_order_elsewhere_and_tells_the_loop),
		cmocka_unit_test(background__may_be_closed_from_what_it_tells_and_run_more_than_its_ring_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
