#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/relay/node_auth.h"

static const char good[] =
	"{\"kind\":\"TokenReview\",\"status\":{\"authenticated\":true,\"audiences\":[\"vitrine-relay\"],\"user\":{\"username\":"
	"\"system:serviceaccount:vt:agent\",\"uid\":\"1\",\"groups\":[\"system:authenticated\"],\"extra\":{"
	"\"authentication.kubernetes.io/node-name\":[\"win-1\"],\"authentication.kubernetes.io/pod-uid\":[\"p-1\"]}}}}";

struct world {
	struct node_auth *auth;
	struct auth_question *questions[AUTH_MAX_ASKED + 4];
	char bodies[AUTH_MAX_ASKED + 4][256];
	size_t asked;
	bool refuse_to_ask;
};

static bool ask(void *ctx, const char *body, size_t len, struct auth_question *q)
{
	struct world *w = ctx;

	if (w->refuse_to_ask)
		return false;
	assert_true(w->asked < AUTH_MAX_ASKED + 4 && len < sizeof w->bodies[0]);
	memcpy(w->bodies[w->asked], body, len);
	w->bodies[w->asked][len] = '\0';
	w->questions[w->asked++] = q;
	return true;
}

static const char *node_of_pod(void *ctx, const char *uid)
{
	(void)ctx;
	return strcmp(uid, "p-2") == 0 ? "win-2" : NULL;
}

struct waiter {
	struct auth_wait wait;
	enum auth_verdict verdict;
	char node[64];
	int told;
};

static void on_told(struct auth_wait *wait, enum auth_verdict verdict, const char *node)
{
	struct waiter *w = (struct waiter *)(void *)wait;

	w->verdict = verdict;
	snprintf(w->node, sizeof w->node, "%s", node);
	w->told++;
}

static void set_up(struct world *w)
{
	struct node_auth_config c = { .expect = { "vitrine-relay", "system:serviceaccount:vt:agent" }, .ask = ask,
		.node_of_pod = node_of_pod, .ctx = w };

	*w = (struct world){ .asked = 0 };
	w->auth = node_auth_create(&c);
	assert_non_null(w->auth);
}

static struct waiter waiter(void)
{
	return (struct waiter){ .wait = { .done = on_told } };
}

static void check(struct world *w, const char *token, uint64_t now_ms, struct waiter *who)
{
	node_auth_check(w->auth, token, strlen(token), now_ms, &who->wait);
}

static void answer(struct world *w, size_t i, int status, const char *body, uint64_t now_ms)
{
	struct auth_answer said = { status, body, strlen(body) };

	node_auth_answer(w->auth, w->questions[i], &said, now_ms);
}

static void auth__asks_once_and_remembers(void **state)
{
	struct waiter a = waiter(), b = waiter(), c = waiter(), d = waiter();
	struct world w;

	(void)state;
	set_up(&w);
	check(&w, "tok", 1000, &a);
	check(&w, "tok", 1001, &b);
	assert_int_equal(w.asked, 1);
	assert_string_equal(w.bodies[0], "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{\"token\":\"tok\","
		"\"audiences\":[\"vitrine-relay\"]}}");
	assert_int_equal(a.told, 0);
	answer(&w, 0, 201, good, 1002);
	assert_int_equal(a.told + b.told, 2);
	assert_int_equal(a.verdict, AUTH_GOOD);
	assert_string_equal(b.node, "win-1");
	check(&w, "tok", 1002 + AUTH_KEEP_MS - 1, &c);
	assert_int_equal(c.told, 1);
	assert_int_equal(w.asked, 1);
	check(&w, "tok", 1002 + AUTH_KEEP_MS, &d);
	assert_int_equal(d.told, 0);
	assert_int_equal(w.asked, 2);
	node_auth_cancel(w.auth, &d.wait);
	answer(&w, 1, 201, good, 200000);
	assert_int_equal(d.told, 0);
	node_auth_destroy(w.auth);
}

static void auth__refuses_what_is_not_the_agents(void **state)
{
	static const char *const answers[] = {
		"{\"status\":{\"authenticated\":false}}",
		"{\"status\":{\"user\":{\"username\":\"system:serviceaccount:vt:agent\"}}}",
		/* another service account of the same audience: anybody's pod can have one */
		"{\"status\":{\"authenticated\":true,\"audiences\":[\"vitrine-relay\"],\"user\":{\"username\":\"system:serviceaccount:vt:other\"}}}",
		/* the API server ignored the audience */
		"{\"status\":{\"authenticated\":true,\"audiences\":[\"https://kubernetes\"],\"user\":{\"username\":\"system:serviceaccount:vt:agent\"}}}",
		"{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"system:serviceaccount:vt:agent\"}}}",
		/* no pod's token */
		"{\"status\":{\"authenticated\":true,\"audiences\":[\"vitrine-relay\"],\"user\":{\"username\":\"system:serviceaccount:vt:agent\"}}}",
	};
	char token[16];

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct waiter a = waiter();
		struct world w;

		set_up(&w);
		snprintf(token, sizeof token, "t%zu", i);
		check(&w, token, 0, &a);
		answer(&w, 0, 201, answers[i], 0);
		assert_int_equal(a.told, 1);
		assert_int_equal(a.verdict, AUTH_REFUSED);
		node_auth_destroy(w.auth);
	}
}

static void auth__finds_the_node_by_the_pod_on_older_servers(void **state)
{
	static const char old[] = "{\"status\":{\"authenticated\":true,\"audiences\":[\"vitrine-relay\"],\"user\":{\"username\":"
		"\"system:serviceaccount:vt:agent\",\"extra\":{\"authentication.kubernetes.io/pod-uid\":[\"%s\"]}}}}";
	struct waiter a = waiter(), b = waiter();
	struct world w;
	char body[512];

	(void)state;
	set_up(&w);
	check(&w, "a", 0, &a);
	snprintf(body, sizeof body, old, "p-2");
	answer(&w, 0, 201, body, 0);
	assert_int_equal(a.verdict, AUTH_GOOD);
	assert_string_equal(a.node, "win-2");
	check(&w, "b", 0, &b);
	snprintf(body, sizeof body, old, "p-3");       /* not heard of yet */
	answer(&w, 1, 201, body, 0);
	assert_int_equal(b.verdict, AUTH_NO_ANSWER);
	node_auth_destroy(w.auth);
}

static void auth__no_answer_is_no_refusal(void **state)
{
	static const struct {
		int status;
		const char *body;
	} answers[] = { { 0, "" }, { 500, good }, { 403, "{}" }, { 201, "" }, { 201, "{\"kind\":\"Status\"}" } };

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct waiter a = waiter(), b = waiter();
		struct world w;

		set_up(&w);
		check(&w, "t", 0, &a);
		answer(&w, 0, answers[i].status, answers[i].body, 0);
		assert_int_equal(a.verdict, AUTH_NO_ANSWER);
		check(&w, "t", AUTH_KEEP_FAILED_MS, &b);
		assert_int_equal(w.asked, 2);
		answer(&w, 1, 201, good, 0);
		assert_int_equal(b.verdict, AUTH_GOOD);
		node_auth_destroy(w.auth);
	}
}

static void auth__asks_only_so_many_at_once(void **state)
{
	struct waiter all[AUTH_MAX_ASKED + 2];
	struct node_auth_stats stats;
	struct world w;
	char token[16];

	(void)state;
	set_up(&w);
	for (size_t i = 0; i < AUTH_MAX_ASKED + 2; i++) {
		all[i] = waiter();
		snprintf(token, sizeof token, "t%zu", i);
		check(&w, token, 0, &all[i]);
	}
	assert_int_equal(w.asked, AUTH_MAX_ASKED);
	answer(&w, 3, 201, good, 0);
	assert_int_equal(w.asked, AUTH_MAX_ASKED + 1);
	assert_int_equal(all[3].told, 1);
	node_auth_get_stats(w.auth, &stats);
	assert_int_equal(stats.asked, AUTH_MAX_ASKED);
	assert_int_equal(stats.tokens, AUTH_MAX_ASKED + 2);
	for (size_t i = 0; i < AUTH_MAX_ASKED + 2; i++)
		node_auth_cancel(w.auth, &all[i].wait);
	node_auth_destroy(w.auth);
}

static void auth__that_cannot_ask_says_so_at_once(void **state)
{
	struct waiter a = waiter();
	struct world w;

	(void)state;
	set_up(&w);
	w.refuse_to_ask = true;
	check(&w, "t", 0, &a);
	assert_int_equal(a.told, 1);
	assert_int_equal(a.verdict, AUTH_NO_ANSWER);
	node_auth_expire(w.auth, AUTH_KEEP_FAILED_MS);
	node_auth_destroy(w.auth);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auth__asks_once_and_remembers),
		cmocka_unit_test(auth__refuses_what_is_not_the_agents),
		cmocka_unit_test(auth__finds_the_node_by_the_pod_on_older_servers),
		cmocka_unit_test(auth__no_answer_is_no_refusal),
		cmocka_unit_test(auth__asks_only_so_many_at_once),
		cmocka_unit_test(auth__that_cannot_ask_says_so_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
