#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "policyd/state/proc_table.h"
#include "policyd/state/proc_tree.h"
#include "policyd/state/state.h"

#define SECOND UINT64_C(10000000)

struct fixture {
	struct text_pool *pool;
	struct proc_table *t;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->pool = text_pool_create(1 << 20, 0);
	f->t = proc_table_create(64, f->pool, 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	proc_table_destroy(f->t);
	text_pool_destroy(f->pool);
	free(f);
	return 0;
}

static struct proc *add(struct proc_table *t, uint32_t pid, uint32_t ppid, uint64_t create)
{
	struct proc *p = proc_table_add(t, 0, pid, create, create);

	p->ppid = ppid;
	proc_tree_link(t, p);
	return p;
}

static void ancestors__are_counted_from_itself(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *a = add(t, 4, 0, 1 * SECOND), *b = add(t, 8, 4, 2 * SECOND), *c = add(t, 12, 8, 3 * SECOND);

	assert_ptr_equal(proc_ancestor(c, 0), c);
	assert_ptr_equal(proc_ancestor(c, 1), b);
	assert_ptr_equal(proc_ancestor(c, 2), a);
	assert_null(proc_ancestor(c, 3));
	assert_null(proc_ancestor(c, UINT32_MAX));
	assert_int_equal(b->child_count, 1);
}

static void parent__is_not_who_took_its_pid_later(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *child, *later;

	child = add(t, 12, 8, 10 * SECOND);
	later = add(t, 8, 4, 20 * SECOND);
	proc_table_new_parents(t);
	proc_tree_link(t, child);
	assert_null(proc_parent(child));
	assert_non_null(later);
}

static void parent__is_not_who_ended_before(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *old = add(t, 8, 4, 1 * SECOND), *child;

	proc_table_exit(t, old, 2 * SECOND);
	child = add(t, 12, 8, 3 * SECOND);
	assert_null(proc_parent(child));
}

static void parent__must_have_the_sequence_number(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *parent = add(t, 8, 4, 1 * SECOND), *child;

	parent->seq = 7;
	child = proc_table_add(t, 0, 12, 2 * SECOND, 2 * SECOND);
	child->ppid = 8;
	child->parent_seq = 9;
	proc_tree_link(t, child);
	assert_null(proc_parent(child));
}

static void dead_parent__stays_for_its_children(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *parent = add(t, 8, 4, 1 * SECOND), *child = add(t, 12, 8, 2 * SECOND);
	struct proc_table_stats stats;

	proc_table_exit(t, parent, 3 * SECOND);
	proc_table_expire(t, 30 * SECOND);
	assert_null(proc_table_find(t, 0, 8, 30 * SECOND));
	assert_ptr_equal(proc_parent(child), parent);
	proc_table_exit(t, child, 31 * SECOND);
	proc_table_expire(t, 60 * SECOND);
	proc_table_get_stats(t, &stats);
	assert_int_equal(stats.count, 0);
}

static void chain_of_the_dead__goes_when_the_last_child_goes(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc_table_stats stats;
	struct proc *p = NULL;

	for (uint32_t i = 1; i <= 30; i++) {
		struct proc *next = add(t, i * 4, (i - 1) * 4, i * SECOND);

		if (p)
			proc_table_exit(t, p, i * SECOND);
		p = next;
	}
	proc_table_expire(t, 1000 * SECOND);
	proc_table_get_stats(t, &stats);
	assert_int_equal(stats.count, 30);
	proc_table_exit(t, p, 1001 * SECOND);
	proc_table_expire(t, 2000 * SECOND);
	proc_table_get_stats(t, &stats);
	assert_int_equal(stats.count, 0);
}

static void forgotten_parent__is_no_parent_though_its_memory_is_used_again(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *parent = add(t, 8, 4, 1 * SECOND), *child = add(t, 12, 8, 2 * SECOND);

	proc_table_touch(t, child, 100 * SECOND);
	for (uint32_t i = 0; i < 62; i++)
		add(t, 1000 + i * 4, 0, 100 * SECOND);
	assert_ptr_equal(proc_parent(child), parent);
	proc_table_exit(t, parent, 100 * SECOND);
	add(t, 4000, 0, 101 * SECOND);               /* the 65th: the one that ended, parent, gives way */
	assert_null(proc_parent(child));
	assert_int_equal(parent->pid, 4000);
}

static void parent_of_the_living__gives_way_after_others(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *parent = add(t, 8, 4, 1 * SECOND), *child;

	for (uint32_t i = 0; i < 62; i++)
		add(t, 1000 + i * 4, 0, 100 * SECOND);
	child = add(t, 12, 8, 200 * SECOND);
	add(t, 16, 0, 201 * SECOND);
	assert_ptr_equal(proc_parent(child), parent);
	assert_null(proc_table_find(t, 0, 1000, 100 * SECOND));
}

static void pid__has_so_many_owners_and_no_more(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc_table_stats stats;
	struct proc *p = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < 50; i++) {
		p = add(t, 8, 4, SECOND + i);
		if (i < 49)
			proc_table_exit(t, p, SECOND + i + 1);
	}
	assert_ptr_equal(proc_table_find(t, 0, 8, 2 * SECOND), p);
	for (n = 0, p = NULL; (p = proc_table_next_of_pid(t, 0, 8, p)) != NULL; n++)
		assert_true(p->create_100ns >= SECOND + 34);
	assert_int_equal(n, PROC_MAX_OF_PID);
	proc_table_get_stats(t, &stats);
	assert_int_equal(stats.evictions, 34);
}

static void circle__is_never_closed(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *a = proc_table_add(t, 0, 4, 0, SECOND), *b = proc_table_add(t, 0, 8, 0, SECOND);

	a->ppid = 8;
	b->ppid = 4;
	proc_tree_link(t, a);
	proc_tree_link(t, b);
	assert_ptr_equal(proc_parent(a), b);
	assert_null(proc_parent(b));
	assert_null(proc_ancestor(a, 2));
}

static void own_pid_as_parent__is_no_parent(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;

	assert_null(proc_parent(add(t, 8, 8, SECOND)));
}

static void pin__keeps_one_entry_from_giving_way(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *p = add(t, 8, 0, SECOND);

	proc_table_pin(t, p);
	for (uint32_t i = 0; i < 500; i++)
		add(t, 1000 + i * 4, 0, 2 * SECOND);
	assert_int_equal(p->pid, 8);
	assert_ptr_equal(proc_table_find(t, 0, 8, 3 * SECOND), p);
	proc_table_pin(t, NULL);
}

/* n distinct command lines of len bytes, of processes from pid on. */
static void add_with_lines(struct proc_table *t, uint32_t pid, uint32_t n, size_t len)
{
	char *line = malloc(len);

	memset(line, 'x', len);
	for (uint32_t i = 0; i < n; i++) {
		struct proc *p = add(t, pid + i * 4, 0, (10 + i) * SECOND);

		memcpy(line, &p->pid, sizeof p->pid);
		proc_table_set_text(t, &p->cmdline, (struct text_view){ line, len });
	}
	free(line);
}

static void full_pool__gives_up_the_idle_ones_command_lines(void **state)
{
	struct fixture *f = *state;
	struct text_pool *small = text_pool_create(256 * 1024, 0);
	struct proc_table *t = proc_table_create(64, small, 0);
	struct proc *idle, *shell;
	struct proc_table_stats stats;

	(void)f;
	add_with_lines(t, 1000, 60, 32600 * 3);
	shell = add(t, 8, 0, 500 * SECOND);
	proc_table_set_text(t, &shell->path, (struct text_view){ "C:\\cmd.exe", 10 });
	proc_table_set_text(t, &shell->name, (struct text_view){ "cmd.exe", 7 });
	proc_table_set_text(t, &shell->cmdline, (struct text_view){ "cmd /c whoami", 13 });
	assert_non_null(shell->path);
	assert_non_null(shell->name);
	assert_string_equal(shell->cmdline->text, "cmd /c whoami");
	idle = proc_table_find(t, 0, 1000, 500 * SECOND);
	assert_null(idle->cmdline);
	assert_non_null(proc_table_find(t, 0, 1000 + 59 * 4, 900 * SECOND)->cmdline);
	proc_table_get_stats(t, &stats);
	assert_true(stats.texts_dropped > 0);
	assert_int_equal(stats.refused, 0);
	proc_table_destroy(t);
	text_pool_destroy(small);
}

static void text__is_kept_up_to_its_bound_and_cut_between_characters(void **state)
{
	struct proc_table *t = ((struct fixture *)*state)->t;
	struct proc *p = add(t, 8, 0, SECOND);
	char line[PROC_TEXT_BYTES + 2];

	memset(line, 'x', sizeof line);
	memcpy(line + PROC_TEXT_BYTES - 1, "\xE4\xB8\x80", 3);
	proc_table_set_text(t, &p->cmdline, (struct text_view){ line, sizeof line });
	assert_int_equal(p->cmdline->len, PROC_TEXT_BYTES - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(ancestors__are_counted_from_itself),
		TEST(parent__is_not_who_took_its_pid_later),
		TEST(parent__is_not_who_ended_before),
		TEST(parent__must_have_the_sequence_number),
		TEST(dead_parent__stays_for_its_children),
		TEST(chain_of_the_dead__goes_when_the_last_child_goes),
		TEST(forgotten_parent__is_no_parent_though_its_memory_is_used_again),
		TEST(parent_of_the_living__gives_way_after_others),
		TEST(pid__has_so_many_owners_and_no_more),
		TEST(circle__is_never_closed),
		TEST(own_pid_as_parent__is_no_parent),
		TEST(full_pool__gives_up_the_idle_ones_command_lines),
		TEST(text__is_kept_up_to_its_bound_and_cut_between_characters),
		TEST(pin__keeps_one_entry_from_giving_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
