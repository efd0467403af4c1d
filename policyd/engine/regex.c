#include "policyd/engine/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/regex_syntax.h"
#include "proto/base/buf.h"
#include "proto/base/text.h"

enum jit_state { JIT_UNTRIED, JIT_BUSY, JIT_READY, JIT_NONE };

/* Machine code takes longer to make than all else of a regex, and behind a guard most are never asked: it is made for
 * the first match. A thread that comes while another one makes it matches without. */
struct regex {
	pcre2_code *code;
	atomic_int *jit;             /* enum jit_state; of this regex, allocated behind it */
	size_t size_bytes;           /* without JIT code */
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct buf valid;            /* the text with U+FFFD in place of invalid bytes */
	int *states;                 /* of the slow way; NULL: never needed so far */
	struct regex_counters counters;
};

/* "^" and "$" are PCRE2's own, at every line and behind a last line feed too, as in RE2. Written as assertions instead
 * (a look at the character before or behind), the side-by-side matcher of PCRE2 10.42 gets them wrong. */
static uint32_t compile_options(bool fold)
{
	return PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX |
		PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP | PCRE2_NO_AUTO_CAPTURE | (fold ? PCRE2_CASELESS : 0);
}

static enum status compile(struct regex *re, const struct buf *translated, bool fold, struct diag *why)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	char text[128] = "";
	PCRE2_SIZE offset = 0;
	int error = 0;

	if (!context)
		return ST_NOMEM;
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	re->code = pcre2_compile((PCRE2_SPTR)translated->data, translated->len, compile_options(fold), &error, &offset, context);
	pcre2_compile_context_free(context);
	if (re->code) {
		pcre2_pattern_info(re->code, PCRE2_INFO_SIZE, &re->size_bytes);
		return ST_OK;
	}
	pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text);
	return diag_set(why, ST_MALFORMED, "invalid regex pattern: %s", text);
}

enum status regex_create(const char *pattern, size_t len, bool fold, struct regex **out, struct diag *why)
{
	struct regex *re = calloc(1, sizeof *re + sizeof *re->jit);
	char problem[REGEX_PROBLEM_BYTES];
	struct buf translated;
	enum status st = ST_NOMEM;

	*out = NULL;
	buf_init(&translated, REGEX_MAX_PCRE2_BYTES);
	if (!re || !buf_reserve(&translated, 1))
		goto done;
	re->jit = (atomic_int *)(void *)(re + 1);
	atomic_init(re->jit, JIT_UNTRIED);
	st = regex_to_pcre2(pattern, len, &translated, problem);
	if (st != ST_OK) {
		diag_set(why, st, "invalid regex pattern: %s", problem);
		goto done;
	}
	st = compile(re, &translated, fold, why);
	if (st != ST_OK)
		goto done;
	*out = re;
	re = NULL;
done:
	buf_release(&translated);
	regex_destroy(re);
	return st;
}

void regex_destroy(struct regex *re)
{
	if (!re)
		return;
	pcre2_code_free(re->code);
	free(re);
}

size_t regex_bytes(const struct regex *re)
{
	return sizeof *re + sizeof *re->jit + re->size_bytes;
}

struct regex_scratch *regex_scratch_create(void)
{
	struct regex_scratch *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	buf_init(&s->valid, REGEX_MAX_TEXT_BYTES);
	s->data = pcre2_match_data_create(1, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(32 * 1024, REGEX_JIT_STACK_BYTES, NULL);
	if (!s->data || !s->context) {
		regex_scratch_destroy(s);
		return NULL;
	}
	pcre2_set_match_limit(s->context, REGEX_MATCH_LIMIT);
	pcre2_set_heap_limit(s->context, REGEX_HEAP_LIMIT_KIB);
	/* Without JIT there is no stack to create; the interpreter uses the heap. */
	if (s->stack)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return s;
}

void regex_scratch_destroy(struct regex_scratch *s)
{
	if (!s)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	buf_release(&s->valid);
	free(s->states);
	free(s);
}

struct regex_counters regex_scratch_counters(const struct regex_scratch *s)
{
	return s->counters;
}

static bool is_ascii(const char *text, size_t len)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof word <= len; i += sizeof word) {
		memcpy(&word, text + i, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* Length of the leading part that is valid UTF-8. */
static size_t valid_prefix(const char *text, size_t len)
{
	size_t at = 0, step;

	while (at < len && (step = text_utf8_sequence(text + at, len - at)) > 0)
		at += step;
	return at;
}

/* Copies text to s->valid with each bad byte replaced. False: too long. */
static bool replace_invalid(struct regex_scratch *s, const char *text, size_t len)
{
	size_t at = 0;

	buf_clear(&s->valid);
	while (at < len) {
		size_t good = valid_prefix(text + at, len - at);

		if (good && !buf_append(&s->valid, text + at, good))
			return false;
		at += good;
		if (at < len && !buf_append(&s->valid, "\xEF\xBF\xBD", 3))
			return false;
		at++;
	}
	return true;
}

/* Follows all alternatives at once: time goes with text times pattern, whatever they are. This matcher knows nothing of
 * PCRE2_ENDANCHORED; it tells the longest match, so the whole text matches if that is the longest. */
static bool match_slowly(const struct regex *re, struct regex_scratch *s, const char *text, size_t len)
{
	int rc;

	s->counters.slow++;
	if (!s->states)
		s->states = malloc(REGEX_SLOW_STATES * 6 * sizeof *s->states);
	if (!s->states || len > REGEX_SLOW_BUDGET / re->size_bytes) {
		s->counters.gave_up++;
		return false;
	}
	rc = pcre2_dfa_match(re->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, s->data, s->context, s->states,
		REGEX_SLOW_STATES * 6);
	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
		s->counters.gave_up++;
	return rc >= 0 && pcre2_get_ovector_pointer(s->data)[1] == len;
}

static bool has_jit(const struct regex *re)
{
	int state = atomic_load_explicit(re->jit, memory_order_acquire);

	if (state != JIT_UNTRIED)
		return state == JIT_READY;
	if (!atomic_compare_exchange_strong(re->jit, &state, JIT_BUSY))
		return false;
	state = pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0 ? JIT_READY : JIT_NONE;
	atomic_store_explicit(re->jit, state, memory_order_release);
	return state == JIT_READY;
}

bool regex_match(const struct regex *re, struct regex_scratch *s, const char *text, size_t len)
{
	int rc;

	if (!is_ascii(text, len) && valid_prefix(text, len) != len) {
		if (!replace_invalid(s, text, len)) {
			s->counters.gave_up++;
			return false;
		}
		text = (const char *)s->valid.data;
		len = s->valid.len;
	}
	if (s->stack && has_jit(re))
		rc = pcre2_jit_match(re->code, (PCRE2_SPTR)text, len, 0, 0, s->data, s->context);
	else
		rc = pcre2_match(re->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, s->data, s->context);
	return rc >= 0 || (rc != PCRE2_ERROR_NOMATCH && match_slowly(re, s, text, len));
}
