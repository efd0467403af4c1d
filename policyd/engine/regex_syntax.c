#include "policyd/engine/regex_syntax.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/engine/regex_class.h"
#include "proto/base/text.h"

enum quantifier { QUANT_NONE, QUANT_SIMPLE, QUANT_COUNTED };

enum { NO_ATOM = -1 };

struct group {
	size_t start;          /* of "(?:" in the output */
	unsigned weight;       /* greatest product of counts inside */
};

struct regex {
	struct regex_input in;
	struct buf *out;
	struct group groups[REGEX_MAX_NESTING + 1];
	size_t depth;
	ptrdiff_t atom;        /* start in the output of what a quantifier would repeat; NO_ATOM: nothing */
	enum quantifier quantifier;
	char last;             /* QUANT_SIMPLE: * + ? */
	unsigned weight;       /* of the atom */
};

bool regex_refuse(struct regex_input *in, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(in->problem, REGEX_PROBLEM_BYTES, fmt, args);
	va_end(args);
	return false;
}

static void start_atom(struct regex *r)
{
	r->atom = (ptrdiff_t)r->out->len;
	r->quantifier = QUANT_NONE;
	r->weight = 1;
}

static void note_weight(struct regex *r)
{
	if (r->weight > r->groups[r->depth].weight)
		r->groups[r->depth].weight = r->weight;
}

static bool put_literal(struct regex *r, uint32_t cp)
{
	start_atom(r);
	return regex_append_code_point(&r->in, cp, r->out);
}

/* "^" and "$" match at line ends inside the value as well: RE2 without its one-line option. At the very start and end of
 * the pattern they are always true. In a group of their own they may be repeated, as in RE2. */
static void put_anchor(struct regex *r, char c)
{
	size_t next = r->in.at < r->in.len ? 1 : 0;
	bool repeated = next && strchr("*+?{", r->in.text[r->in.at]) && r->in.text[r->in.at];
	bool needless = c == '^' ? r->in.at == 1 && !repeated : !next && r->depth == 0;

	start_atom(r);
	if (needless)
		buf_append_str(r->out, "(?:)");
	else
		buf_append_str(r->out, c == '^' ? "(?:^)" : "(?:$)");
}

static bool open_group(struct regex *r)
{
	if (r->depth == REGEX_MAX_NESTING)
		return regex_refuse(&r->in, "groups are nested more than %d deep", REGEX_MAX_NESTING);
	if (r->in.at < r->in.len && r->in.text[r->in.at] == '?')
		return regex_refuse(&r->in, "no argument for repetition operator: ? (there are no (?...) groups; "
			"to ignore case use icontains or iglob)");
	r->depth++;
	r->groups[r->depth] = (struct group){ .start = r->out->len, .weight = 1 };
	buf_append_str(r->out, "(?:");
	r->atom = NO_ATOM;
	return true;
}

static bool close_group(struct regex *r)
{
	if (r->depth == 0)
		return regex_refuse(&r->in, "unexpected )");
	buf_append_char(r->out, ')');
	r->atom = (ptrdiff_t)r->groups[r->depth].start;
	r->weight = r->groups[r->depth].weight;
	r->quantifier = QUANT_NONE;
	r->depth--;
	note_weight(r);
	return true;
}

/* Makes what is quantified already an atom of its own. */
static bool wrap_atom(struct regex *r)
{
	size_t tail = r->out->len - (size_t)r->atom;

	if (!buf_reserve(r->out, 4))
		return regex_refuse(&r->in, "pattern is too large");
	memmove(r->out->data + r->atom + 3, r->out->data + r->atom, tail);
	memcpy(r->out->data + r->atom, "(?:", 3);
	r->out->len += 3;
	return buf_append_char(r->out, ')');
}

/* x** is x*, and any mix of * + ? on one atom is x*, as in RE2. */
static bool put_simple(struct regex *r, char c)
{
	if (r->atom == NO_ATOM)
		return regex_refuse(&r->in, "no argument for repetition operator: %c", c);
	if (r->quantifier == QUANT_SIMPLE) {
		r->last = c == r->last ? c : '*';
		r->out->data[r->out->len - 1] = (uint8_t)r->last;
		return true;
	}
	if (r->quantifier == QUANT_COUNTED && !wrap_atom(r))
		return false;
	r->quantifier = QUANT_SIMPLE;
	r->last = c;
	return buf_append_char(r->out, c) || regex_refuse(&r->in, "pattern is too large");
}

/* A number without leading zeros; false: none, or too large for any meaning. */
static bool take_number(const struct regex_input *in, size_t *at, unsigned *out)
{
	size_t start = *at;

	*out = 0;
	while (*at < in->len && in->text[*at] >= '0' && in->text[*at] <= '9' && *at - start < 8)
		*out = *out * 10 + (unsigned)(in->text[(*at)++] - '0');
	return *at > start && !(in->text[start] == '0' && *at - start > 1);
}

struct count {
	unsigned low, high;
	bool open;             /* {n,} */
	size_t end;            /* behind the "}" */
};

/* {n}, {n,} or {n,m} from the "{" on. Anything else is literal text. */
static bool take_count(const struct regex_input *in, size_t at, struct count *c)
{
	at++;
	c->open = false;
	if (!take_number(in, &at, &c->low))
		return false;
	c->high = c->low;
	if (at < in->len && in->text[at] == ',') {
		at++;
		c->open = at < in->len && in->text[at] == '}';
		if (!c->open && !take_number(in, &at, &c->high))
			return false;
	}
	c->end = at + 1;
	return at < in->len && in->text[at] == '}';
}

static bool put_counted(struct regex *r, const struct count *c)
{
	unsigned most = c->open ? c->low : c->high;

	if (r->atom == NO_ATOM)
		return regex_refuse(&r->in, "no argument for repetition operator: {%u}", c->low);
	if (c->low > REGEX_MAX_REPEAT || c->high > REGEX_MAX_REPEAT || (!c->open && c->high < c->low))
		return regex_refuse(&r->in, "invalid repetition size: {%u,%u}", c->low, c->high);
	if (r->quantifier != QUANT_NONE && !wrap_atom(r))
		return false;
	if (most > 1)
		r->weight *= most;
	if (r->weight > REGEX_MAX_REPEAT)
		return regex_refuse(&r->in, "invalid repetition size: nested counts multiply to more than %d", REGEX_MAX_REPEAT);
	note_weight(r);
	r->quantifier = QUANT_COUNTED;
	if (c->open)
		buf_printf(r->out, "{%u,}", c->low);
	else
		buf_printf(r->out, "{%u,%u}", c->low, c->high);
	return true;
}

static bool put_brace(struct regex *r)
{
	struct count c;

	if (!take_count(&r->in, r->in.at - 1, &c))
		return put_literal(r, '{');
	r->in.at = c.end;
	return put_counted(r, &c);
}

static bool put_escape(struct regex *r)
{
	uint32_t cp;

	r->in.at--;
	return regex_take_escape(&r->in, &cp) && put_literal(r, cp);
}

static bool put_rune(struct regex *r)
{
	uint32_t cp;

	r->in.at--;
	return regex_take_rune(&r->in, &cp) && put_literal(r, cp);
}

static bool put_next(struct regex *r)
{
	char c = r->in.text[r->in.at++];

	switch (c) {
	case '(':
		return open_group(r);
	case ')':
		return close_group(r);
	case '|':
		r->atom = NO_ATOM;
		return buf_append_char(r->out, '|');
	case '^':
	case '$':
		put_anchor(r, c);
		return true;
	case '.':
		start_atom(r);
		return buf_append_str(r->out, "[^\\n]");
	case '[':
		start_atom(r);
		return regex_take_class(&r->in, r->out);
	case '*':
	case '+':
	case '?':
		return put_simple(r, c);
	case '{':
		return put_brace(r);
	case '\\':
		return put_escape(r);
	default:
		return put_rune(r);
	}
}

enum status regex_to_pcre2(const char *pattern, size_t len, struct buf *out, char problem[REGEX_PROBLEM_BYTES])
{
	struct regex r = { .in = { .text = pattern, .len = len, .problem = problem }, .out = out, .atom = NO_ATOM };

	problem[0] = '\0';
	r.groups[0].weight = 1;
	while (r.in.at < len) {
		if (!put_next(&r) || out->failed) {
			if (!problem[0])
				regex_refuse(&r.in, "pattern is too large");
			return ST_MALFORMED;
		}
	}
	if (r.depth > 0) {
		regex_refuse(&r.in, "missing closing )");
		return ST_MALFORMED;
	}
	return ST_OK;
}

enum status regex_check(const char *pattern, size_t len, char problem[REGEX_PROBLEM_BYTES])
{
	struct buf out;
	enum status st;

	buf_init(&out, REGEX_MAX_PCRE2_BYTES);
	st = regex_to_pcre2(pattern, len, &out, problem);
	buf_release(&out);
	return st;
}

static bool is_any_run(const char *p)
{
	return p[0] == '.' && (p[1] == '+' || p[1] == '*' || p[1] == '?');
}

bool regex_is_plain(const char *pattern, size_t len)
{
	const char *p = pattern;

	if (len && p[0] == '^') {
		p++;
		len--;
	}
	if (len >= 2 && is_any_run(p)) {
		p += 2;
		len -= 2;
	}
	if (len && p[len - 1] == '$')
		len--;
	if (len >= 2 && is_any_run(p + len - 2))
		len -= 2;
	for (size_t i = 0; i < len; i++) {
		if (p[i] && strchr("\\.[]{}()*+?|^$", p[i]))
			return false;
	}
	return true;
}
