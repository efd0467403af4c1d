#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/relay/pod_index.h"

/* Writes down what it is told: "+name@version " and so on. */
struct scribe {
	struct index_follower follower;
	struct pod_index *index;
	char text[512];
	int leave_after;                       /* unfollows at that many; 0: never */
	int told;
};

static void on_change(struct index_follower *f, enum index_change change, const struct slim *pod)
{
	struct scribe *s = (struct scribe *)(void *)f;
	size_t len = strlen(s->text);

	snprintf(s->text + len, sizeof s->text - len, "%c%s@%s ", "+~-"[change], pod->name, pod->version);
	if (++s->told == s->leave_after)
		pod_index_unfollow(s->index, f);
}

static struct scribe scribe_of(struct pod_index *x)
{
	return (struct scribe){ .follower = { .changed = on_change }, .index = x };
}

static struct slim *make(const char *name, const char *node, const char *version)
{
	char json[256];
	struct slim *s = NULL;

	snprintf(json, sizeof json, "{\"metadata\":{\"name\":\"%s\",\"uid\":\"uid-%s\",\"namespace\":\"ns-%s\",\"resourceVersion\":\"%s\"},"
		"\"spec\":{\"nodeName\":\"%s\"}}", name, name, name, version, node);
	assert_int_equal(slim_pod(json, strlen(json), &s), ST_OK);
	return s;
}

static void put(struct pod_index *x, const char *name, const char *node, const char *version)
{
	pod_index_put(x, make(name, node, version));
}

/* a and b on n1, c on n2, all of version 10. */
static struct pod_index *make_index(void)
{
	struct pod_index *x = pod_index_create(42);

	assert_non_null(x);
	pod_index_list_begin(x);
	put(x, "a", "n1", "3");
	put(x, "b", "n1", "9");
	put(x, "c", "n2", "4");
	pod_index_list_end(x, "10");
	return x;
}

static void count(void *ctx, const struct slim *pod)
{
	(void)pod;
	++*(int *)ctx;
}

static int pods_of(const struct pod_index *x, const char *node)
{
	int n = 0;

	pod_index_each(x, node, count, &n);
	return n;
}

static void index__a_node_has_its_own_pods(void **state)
{
	struct pod_index *x = make_index();

	(void)state;
	assert_int_equal(pods_of(x, "n1"), 2);
	assert_int_equal(pods_of(x, "n2"), 1);
	assert_int_equal(pods_of(x, "n3"), 0);
	assert_string_equal(pod_index_version(x), "10");
	assert_true(pod_index_has_namespace(x, "n1", "ns-a"));
	assert_false(pod_index_has_namespace(x, "n1", "ns-c"));
	assert_string_equal(pod_index_find(x, "uid-c")->node, "n2");
	assert_null(pod_index_find(x, "uid-d"));
	pod_index_destroy(x);
}

static void index__a_follower_is_told_of_its_node_only(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x);

	(void)state;
	assert_int_equal(pod_index_follow(x, "n1", "10", &s.follower), ST_OK);
	put(x, "a", "n1", "11");
	put(x, "c", "n2", "12");
	put(x, "d", "n1", "13");
	pod_index_remove(x, make("b", "n1", "14"));
	put(x, "e", "", "15");
	put(x, "e", "n1", "16");
	assert_string_equal(s.text, "~a@11 +d@13 -b@14 +e@16 ");
	pod_index_unfollow(x, &s.follower);
	put(x, "a", "n1", "17");
	assert_string_equal(s.text, "~a@11 +d@13 -b@14 +e@16 ");
	pod_index_destroy(x);
}

static void index__who_comes_back_is_told_what_it_missed(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x), t = scribe_of(x), u = scribe_of(x);

	(void)state;
	put(x, "a", "n1", "11");
	put(x, "c", "n2", "12");               /* the version of a change elsewhere serves as well */
	put(x, "w", "", "13");                 /* and of one that is nobody's */
	put(x, "a", "n1", "14");
	assert_int_equal(pod_index_follow(x, "n1", "10", &s.follower), ST_OK);
	assert_string_equal(s.text, "~a@11 ~a@14 ");
	assert_int_equal(pod_index_follow(x, "n1", "12", &t.follower), ST_OK);
	assert_string_equal(t.text, "~a@14 ");
	assert_int_equal(pod_index_follow(x, "n1", "13", &u.follower), ST_OK);
	assert_string_equal(u.text, "~a@14 ");
	pod_index_unfollow(x, &s.follower);
	pod_index_unfollow(x, &t.follower);
	pod_index_unfollow(x, &u.follower);
	pod_index_destroy(x);
}

static void index__an_unknown_version_is_gone(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x);
	char version[16];

	(void)state;
	assert_int_equal(pod_index_follow(x, "n1", "9", &s.follower), ST_NOT_FOUND);
	assert_int_equal(pod_index_follow(x, "n1", "", &s.follower), ST_NOT_FOUND);
	for (int i = 0; i < INDEX_HISTORY - 1; i++) {
		snprintf(version, sizeof version, "%d", 100 + i);
		put(x, "c", "n2", version);
	}
	assert_int_equal(pod_index_follow(x, "n1", "10", &s.follower), ST_OK);
	pod_index_unfollow(x, &s.follower);
	put(x, "c", "n2", "99999");
	assert_int_equal(pod_index_follow(x, "n1", "10", &s.follower), ST_NOT_FOUND);
	pod_index_unfollow(x, &s.follower);    /* of one that follows nothing */
	pod_index_destroy(x);
}

static void index__a_new_list_is_told_as_changes(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x), late = scribe_of(x);

	(void)state;
	assert_int_equal(pod_index_follow(x, "n1", "10", &s.follower), ST_OK);
	pod_index_list_begin(x);
	put(x, "a", "n1", "3");
	put(x, "d", "n1", "15");
	pod_index_list_end(x, "20");
	assert_string_equal(s.text, "+d@15 -b@9 ");
	assert_string_equal(pod_index_version(x), "20");
	assert_int_equal(pods_of(x, "n2"), 0);
	assert_int_equal(pod_index_follow(x, "n1", "10", &late.follower), ST_OK);
	assert_string_equal(late.text, "+d@15 -b@9 ");
	pod_index_unfollow(x, &s.follower);
	pod_index_unfollow(x, &late.follower);
	pod_index_destroy(x);
}

static void index__a_list_that_broke_off_takes_nothing_away(void **state)
{
	struct pod_index *x = make_index();

	(void)state;
	pod_index_list_begin(x);
	put(x, "a", "n1", "3");
	pod_index_list_begin(x);
	put(x, "b", "n1", "9");
	put(x, "c", "n2", "4");
	put(x, "a", "n1", "3");
	pod_index_list_end(x, "10");
	assert_int_equal(pods_of(x, "n1"), 2);
	assert_int_equal(pods_of(x, "n2"), 1);
	pod_index_destroy(x);
}

static void index__a_follower_may_leave_while_it_is_told(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x), t = scribe_of(x);

	(void)state;
	s.leave_after = 1;
	assert_int_equal(pod_index_follow(x, "n2", "10", &s.follower), ST_OK);
	pod_index_remove(x, make("c", "n2", "11"));    /* the last pod and the last follower of the node */
	assert_string_equal(s.text, "-c@11 ");
	put(x, "c", "n2", "12");
	assert_string_equal(s.text, "-c@11 ");
	t.leave_after = 1;
	assert_int_equal(pod_index_follow(x, "n2", "10", &t.follower), ST_OK);
	assert_string_equal(t.text, "-c@11 ");
	pod_index_destroy(x);
}

static void index__a_bookmark_moves_the_version(void **state)
{
	struct pod_index *x = make_index();
	struct scribe s = scribe_of(x);
	struct pod_index_stats stats;

	(void)state;
	pod_index_bookmark(x, "50");
	assert_string_equal(pod_index_version(x), "50");
	assert_int_equal(pod_index_follow(x, "n1", "50", &s.follower), ST_OK);
	assert_string_equal(s.text, "");
	pod_index_get_stats(x, &stats);
	assert_int_equal(stats.pods, 3);
	assert_int_equal(stats.nodes, 2);
	assert_int_equal(stats.followers, 1);
	assert_int_equal(stats.refused, 0);
	pod_index_unfollow(x, &s.follower);
	pod_index_destroy(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index__a_node_has_its_own_pods),
		cmocka_unit_test(index__a_follower_is_told_of_its_node_only),
		cmocka_unit_test(index__who_comes_back_is_told_what_it_missed),
		cmocka_unit_test(index__an_unknown_version_is_gone),
		cmocka_unit_test(index__a_new_list_is_told_as_changes),
		cmocka_unit_test(index__a_list_that_broke_off_takes_nothing_away),
		cmocka_unit_test(index__a_follower_may_leave_while_it_is_told),
		cmocka_unit_test(index__a_bookmark_moves_the_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
