/* lex: the tokens of a condition, taken one at a time from where the parser stands; which token is tried depends on the
 * place in the grammar, so there is no token stream. Every lex_* moves past the token and returns true, or stays.
 * Private to the parser. */
#ifndef VITRINE_ENGINE_LEX_H
#define VITRINE_ENGINE_LEX_H

#include "policyd/engine/ast.h"

struct token {
	const char *ptr;
	size_t len;
	struct cond_pos pos;
};

struct lexer {
	const char *text;
	size_t len;
	struct cond_pos pos;
	struct token last;       /* for "unexpected token after 'X'" */
};

void lex_init(struct lexer *lx, const char *text, size_t len);

static inline size_t lex_left(const struct lexer *lx)
{
	return lx->len - lx->pos.offset;
}

static inline const char *lex_cursor(const struct lexer *lx)
{
	return lx->text + lx->pos.offset;
}

/* The character n places ahead; NUL past the end. */
static inline char lex_peek(const struct lexer *lx, size_t n)
{
	return n < lex_left(lx) ? lex_cursor(lx)[n] : '\0';
}

static inline bool is_identifier_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_identifier_char(char c)
{
	return is_identifier_start(c) || is_digit(c) || c == '_';
}

void lex_advance(struct lexer *lx, size_t n);             /* n: at most what is left */
bool lex_blanks(struct lexer *lx);                        /* one or more */
bool lex_text(struct lexer *lx, const char *text);        /* exactly these characters, whatever follows */
bool lex_word(struct lexer *lx, const char *word);        /* and no identifier character follows */
bool lex_identifier(struct lexer *lx, struct token *out);
bool lex_field_name(struct lexer *lx, struct token *out);
bool lex_bare_argument(struct lexer *lx, struct token *out);   /* inside [ ] */
bool lex_number(struct lexer *lx, struct token *out);
/* A unit of time right behind a number, such as the s of 5s, becomes part of it. */
void lex_unit(struct lexer *lx, struct token *number);
bool lex_bare_string(struct lexer *lx, struct token *out);
/* A whole quoted string; out is what stands between the quotes, still escaped. falco_quotes: cond_parser. */
bool lex_quoted(struct lexer *lx, bool falco_quotes, struct token *out);

#endif
