#include "policyd/relay/node_auth.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/relay/tls_link.h"

enum { BUCKETS = 1 << 13 };

enum token_state { TOKEN_QUEUED, TOKEN_ASKED, TOKEN_KNOWN };

struct auth_token {
	struct auth_token *next_in_bucket;
	struct auth_token *next_queued;
	struct auth_wait *waits;
	uint8_t digest[TLS_DIGEST_BYTES];
	enum token_state state;
	enum auth_verdict verdict;
	uint64_t until_ms;                     /* known: then it is forgotten */
	char *text;                            /* until it is asked about */
	size_t text_len;
	char node[REVIEW_MAX_NAME_BYTES + 1];
};

/* A token is the question about it. */
struct auth_question {
	struct auth_token token;
};

struct node_auth {
	struct node_auth_config config;
	struct auth_token *buckets[BUCKETS];
	struct auth_token *queue, **queue_end;
	struct node_auth_stats stats;
};

struct node_auth *node_auth_create(const struct node_auth_config *c)
{
	struct node_auth *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->config = *c;
	a->queue_end = &a->queue;
	return a;
}

static struct auth_token **bucket_of(struct node_auth *a, const uint8_t digest[TLS_DIGEST_BYTES])
{
	uint64_t h;

	memcpy(&h, digest, sizeof h);
	return &a->buckets[(h ^ a->config.hash_seed) % BUCKETS];
}

static struct auth_token *find(struct node_auth *a, const uint8_t digest[TLS_DIGEST_BYTES])
{
	struct auth_token *t = *bucket_of(a, digest);

	while (t && memcmp(t->digest, digest, TLS_DIGEST_BYTES) != 0)
		t = t->next_in_bucket;
	return t;
}

static void clear_text(struct auth_token *t)
{
	if (t->text)
		memset(t->text, 0, t->text_len);
	free(t->text);
	t->text = NULL;
}

static void free_token(struct node_auth *a, struct auth_token **at)
{
	struct auth_token *t = *at;

	*at = t->next_in_bucket;
	a->stats.tokens--;
	clear_text(t);
	free((struct auth_question *)(void *)t);
}

static struct auth_token *add_token(struct node_auth *a, const uint8_t digest[TLS_DIGEST_BYTES], const char *text, size_t len)
{
	struct auth_question *q = a->stats.tokens < AUTH_MAX_TOKENS ? calloc(1, sizeof *q) : NULL;
	struct auth_token *t = q ? &q->token : NULL, **bucket = bucket_of(a, digest);

	if (!t)
		return NULL;
	t->text = malloc(len + 1);
	if (!t->text) {
		free(q);
		return NULL;
	}
	memcpy(t->text, text, len);
	t->text_len = len;
	memcpy(t->digest, digest, TLS_DIGEST_BYTES);
	t->next_in_bucket = *bucket;
	*bucket = t;
	*a->queue_end = t;
	a->queue_end = &t->next_queued;
	a->stats.tokens++;
	return t;
}

static void unwait(struct auth_wait *w)
{
	*w->at = w->next;
	if (w->next)
		w->next->at = w->at;
	w->token = NULL;
}

static void settle(struct auth_token *t, enum auth_verdict verdict, uint64_t until_ms)
{
	struct auth_wait *w;

	t->state = TOKEN_KNOWN;
	t->verdict = verdict;
	t->until_ms = until_ms;
	/* Who is told may wait for the next token, cancel others, but not change this one. */
	while ((w = t->waits)) {
		unwait(w);
		w->done(w, verdict, t->node);
	}
}

static bool ask(struct node_auth *a, struct auth_token *t)
{
	struct buf body;
	bool asked;

	buf_init(&body, REVIEW_MAX_ANSWER_BYTES);
	token_review_write(&body, t->text, t->text_len, a->config.expect.audience);
	clear_text(t);
	t->state = TOKEN_ASKED;
	asked = !body.failed && a->config.ask(a->config.ctx, (const char *)body.data, body.len, (struct auth_question *)(void *)t);
	if (body.data)
		memset(body.data, 0, body.len);
	buf_release(&body);
	return asked;
}

static void ask_next(struct node_auth *a, uint64_t now_ms)
{
	while (a->queue && a->stats.asked < AUTH_MAX_ASKED) {
		struct auth_token *t = a->queue;

		a->queue = t->next_queued;
		if (!a->queue)
			a->queue_end = &a->queue;
		if (ask(a, t)) {
			a->stats.asked++;
		} else {
			a->stats.failed++;
			settle(t, AUTH_NO_ANSWER, now_ms + AUTH_KEEP_FAILED_MS);
		}
	}
}

void node_auth_check(struct node_auth *a, const char *token, size_t len, uint64_t now_ms, struct auth_wait *w)
{
	uint8_t digest[TLS_DIGEST_BYTES];
	struct auth_token *t = NULL;

	if (tls_digest(token, len, digest)) {
		t = find(a, digest);
		if (t && t->state == TOKEN_KNOWN && now_ms >= t->until_ms) {
			struct auth_token **at = bucket_of(a, digest);

			while (*at != t)
				at = &(*at)->next_in_bucket;
			free_token(a, at);
			t = NULL;
		}
		if (!t)
			t = add_token(a, digest, token, len);
	}
	if (!t) {
		a->stats.full++;
		w->done(w, AUTH_NO_ANSWER, "");
		return;
	}
	if (t->state == TOKEN_KNOWN) {
		w->done(w, t->verdict, t->node);
		return;
	}
	w->token = t;
	w->next = t->waits;
	w->at = &t->waits;
	if (w->next)
		w->next->at = &w->next;
	t->waits = w;
	ask_next(a, now_ms);
}

void node_auth_cancel(struct node_auth *a, struct auth_wait *w)
{
	(void)a;
	if (w->token)
		unwait(w);
}

static enum auth_verdict judge(struct node_auth *a, struct auth_token *t, const char *body, size_t len)
{
	struct review_place place;
	const char *node;

	switch (token_review_read(body, len, &a->config.expect, &place)) {
	case ST_OK:
		break;
	case ST_NOT_FOUND:
		return AUTH_REFUSED;
	default:
		return AUTH_NO_ANSWER;
	}
	node = place.node;
	if (!node[0])
		node = place.pod_uid[0] ? a->config.node_of_pod(a->config.ctx, place.pod_uid) : NULL;
	/* A good token whose pod has not been heard of yet: ask again soon. One of no pod is no node's. */
	if (!node || strlen(node) > REVIEW_MAX_NAME_BYTES)
		return place.pod_uid[0] ? AUTH_NO_ANSWER : AUTH_REFUSED;
	memcpy(t->node, node, strlen(node) + 1);
	return AUTH_GOOD;
}

void node_auth_answer(struct node_auth *a, struct auth_question *q, const struct auth_answer *answer, uint64_t now_ms)
{
	static const uint64_t keep_ms[] = { [AUTH_GOOD] = AUTH_KEEP_MS, [AUTH_REFUSED] = AUTH_KEEP_REFUSED_MS,
		[AUTH_NO_ANSWER] = AUTH_KEEP_FAILED_MS };
	bool whole = answer->status == 200 || answer->status == 201;
	enum auth_verdict verdict = whole ? judge(a, &q->token, answer->body, answer->len) : AUTH_NO_ANSWER;

	a->stats.asked--;
	a->stats.good += verdict == AUTH_GOOD;
	a->stats.refused += verdict == AUTH_REFUSED;
	a->stats.failed += verdict == AUTH_NO_ANSWER;
	settle(&q->token, verdict, now_ms + keep_ms[verdict]);
	ask_next(a, now_ms);
}

void node_auth_expire(struct node_auth *a, uint64_t now_ms)
{
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct auth_token **at = &a->buckets[b]; *at;) {
			if ((*at)->state == TOKEN_KNOWN && now_ms >= (*at)->until_ms)
				free_token(a, at);
			else
				at = &(*at)->next_in_bucket;
		}
	}
	ask_next(a, now_ms);
}

void node_auth_get_stats(const struct node_auth *a, struct node_auth_stats *out)
{
	*out = a->stats;
}

void node_auth_destroy(struct node_auth *a)
{
	if (!a)
		return;
	for (size_t b = 0; b < BUCKETS; b++) {
		while (a->buckets[b])
			free_token(a, &a->buckets[b]);
	}
	free(a);
}
