#include "policyd/engine/lex.h"

#include <string.h>

void lex_init(struct lexer *lx, const char *text, size_t len)
{
	*lx = (struct lexer){ .text = text, .len = len, .pos = { .offset = 0, .line = 1, .column = 1 } };
	lx->last.ptr = text;
}

void lex_advance(struct lexer *lx, size_t n)
{
	const char *p = lex_cursor(lx);

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n') {
			lx->pos.line++;
			lx->pos.column = 1;
		} else {
			lx->pos.column++;
		}
	}
	lx->pos.offset += (uint32_t)n;
}

static bool take(struct lexer *lx, size_t n, struct token *out)
{
	struct token t = { .ptr = lex_cursor(lx), .len = n, .pos = lx->pos };

	if (n == 0)
		return false;
	lex_advance(lx, n);
	lx->last = t;
	if (out)
		*out = t;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\b' || c == '\r' || c == '\n';
}

/* The POSIX class, which is wider than what stands between tokens. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool lex_blanks(struct lexer *lx)
{
	size_t n = 0;

	while (n < lex_left(lx) && is_blank(lex_cursor(lx)[n]))
		n++;
	lex_advance(lx, n);
	return n > 0;
}

bool lex_text(struct lexer *lx, const char *text)
{
	size_t n;

	if (lex_peek(lx, 0) != text[0])
		return false;
	n = strlen(text);
	if (n > lex_left(lx) || memcmp(lex_cursor(lx), text, n) != 0)
		return false;
	return take(lx, n, NULL);
}

bool lex_word(struct lexer *lx, const char *word)
{
	return lex_peek(lx, 0) == word[0] && !is_identifier_char(lex_peek(lx, strlen(word))) && lex_text(lx, word);
}

/* Length of the identifier that starts `at` characters ahead; 0: none. */
static size_t identifier_length(const struct lexer *lx, size_t at)
{
	size_t n = at;

	if (!is_identifier_start(lex_peek(lx, n)))
		return 0;
	while (is_identifier_char(lex_peek(lx, n)))
		n++;
	return n - at;
}

bool lex_identifier(struct lexer *lx, struct token *out)
{
	return take(lx, identifier_length(lx, 0), out);
}

bool lex_field_name(struct lexer *lx, struct token *out)
{
	size_t n = identifier_length(lx, 0);
	bool dotted = false;

	while (n && lex_peek(lx, n) == '.') {
		size_t part = identifier_length(lx, n + 1);

		if (part == 0)
			break;
		n += 1 + part;
		dotted = true;
	}
	return dotted && take(lx, n, out);
}

bool lex_bare_argument(struct lexer *lx, struct token *out)
{
	size_t n = 0;

	while (n < lex_left(lx) && !is_space(lex_cursor(lx)[n]) && !strchr("[]\"'", lex_cursor(lx)[n]))
		n++;
	return take(lx, n, out);
}

static size_t digits_length(const struct lexer *lx, size_t at)
{
	size_t n = at;

	while (is_digit(lex_peek(lx, n)))
		n++;
	return n - at;
}

static size_t hex_length(const struct lexer *lx)
{
	size_t n = 2;

	if (lex_peek(lx, 0) != '0' || (lex_peek(lx, 1) | 0x20) != 'x')
		return 0;
	while (is_digit(lex_peek(lx, n)) || ((lex_peek(lx, n) | 0x20) >= 'a' && (lex_peek(lx, n) | 0x20) <= 'f'))
		n++;
	return n > 2 ? n : 0;
}

bool lex_number(struct lexer *lx, struct token *out)
{
	size_t n = hex_length(lx), sign, exponent;

	if (n)
		return take(lx, n, out);
	sign = lex_peek(lx, 0) == '+' || lex_peek(lx, 0) == '-' ? 1 : 0;
	n = digits_length(lx, sign);
	if (n == 0)
		return false;
	n += sign;
	if (lex_peek(lx, n) == '.')
		n += 1 + digits_length(lx, n + 1);
	if ((lex_peek(lx, n) | 0x20) == 'e' && (lex_peek(lx, n + 1) == '+' || lex_peek(lx, n + 1) == '-')) {
		exponent = digits_length(lx, n + 2);
		n += exponent ? 2 + exponent : 0;
	}
	return take(lx, n, out);
}

void lex_unit(struct lexer *lx, struct token *number)
{
	static const char *const units[] = { "ns", "us", "ms", "s", "m", "h", "d" };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t n = strlen(units[i]);
		struct token unit;

		if (lex_left(lx) < n || memcmp(lex_cursor(lx), units[i], n) != 0)
			continue;
		if (lex_left(lx) > n && !is_space(lex_cursor(lx)[n]) && lex_cursor(lx)[n] != ')')
			continue;
		if (take(lx, n, &unit))
			number->len += n;
		return;
	}
}

bool lex_bare_string(struct lexer *lx, struct token *out)
{
	size_t n = 0;

	while (n < lex_left(lx) && !is_space(lex_cursor(lx)[n]) && !strchr("()\"'=,", lex_cursor(lx)[n]))
		n++;
	return take(lx, n, out);
}

/* Index of the closing quote; 0: none. */
static size_t closing_quote(const struct lexer *lx, bool falco_quotes)
{
	const char *p = lex_cursor(lx);
	size_t left = lex_left(lx);

	for (size_t i = 1; i < left; i++) {
		if (!falco_quotes && p[i] == '\\')
			i++;
		else if (p[i] == p[0] && (!falco_quotes || p[i - 1] != '\\'))
			return i;
	}
	return 0;
}

bool lex_quoted(struct lexer *lx, bool falco_quotes, struct token *out)
{
	char quote = lex_peek(lx, 0);
	size_t end;

	if (quote != '"' && quote != '\'')
		return false;
	end = closing_quote(lx, falco_quotes);
	if (end == 0)
		return false;
	take(lx, end + 1, out);
	out->ptr++;
	out->len = end - 1;
	out->pos.offset++;
	out->pos.column++;
	return true;
}
