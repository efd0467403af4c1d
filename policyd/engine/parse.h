/* parse: condition text to AST. Private to the parser's files; condition.h is the way in.
 *
 * Condition     = Or , end of input ;
 * Or            = And , { "or"  , ( blank , And | "(" , Or , ")" ) } ;
 * And           = Not , { "and" , ( blank , Not | "(" , Or , ")" ) } ;
 * Not           = { "not" , blank } , ( "not(" , Or , ")" | Check ) ;
 * Check         = "(" , Or , ")" | Left , Test | identifier ;              (* identifier: a macro *)
 * Left          = Field | Transformer ;
 * Field         = identifier , "." , identifier , { "." , identifier } , [ "[" , ( quoted | bare argument ) , "]" ] ;
 * Transformer   = tname , "(" , TArg , { "," , TArg } , ")" , [ "[" , ( quoted | bare argument ) , "]" ] ;
 * TArg          = number | quoted | TList | Transformer | Field ;
 * TList         = "(" , [ TItem , { "," , TItem } ] , ")" ;
 * TItem         = number | quoted | Transformer | Field ;
 * Test          = "exists"
 *               | ( "<=" | "<" | ">=" | ">" ) , ( RightRef | number )
 *               | StrOp , ( Modifier , List | RightRef | quoted | bare )
 *               | ( "intersects" | "in" | "pmatch" ) , ( List | RightRef ) ;
 * StrOp         = "==" | "=" | "!=" | ( "glob" | "iglob" | "contains" | "icontains" | "bcontains" | "startswith"
 *               | "bstartswith" | "endswith" | "regex" ) , blank ;
 * Modifier      = ( "oneof" | "anyof" | "allof" ) , blank ;                (* a blank stands before it too *)
 * List          = "(" , [ Value , { "," , Value } ] , ")" | identifier ;
 * Value         = quoted | bare ;
 * RightRef      = "val(" , Field , ")" | Transformer ;
 *
 * Blanks may stand between all elements, but not between a name and its "(" or "[".
 * identifier: letter, then letters, digits, "_". bare: anything but ( ) " ' = , and white space.
 * A run of "not" folds by parity; parentheses keep their group apart; "and"/"or" make flat groups. */
#ifndef VITRINE_ENGINE_PARSE_H
#define VITRINE_ENGINE_PARSE_H

#include "policyd/engine/condition.h"
#include "policyd/engine/lex.h"

/* A stack of what an unfinished group or list holds; what is finished is cut off and copied to the arena. */
struct parse_stack {
	void *items;
	size_t count, cap;
};

struct parser {
	struct lexer lx;
	const struct cond_parser *opt;
	struct arena *arena;
	struct cond_source *source;
	unsigned depth, max_depth;
	bool prefix;                    /* text may follow: "[" is an argument only where one can stand */
	size_t node_count;
	struct parse_stack nodes;       /* const struct ast_node * */
	struct parse_stack operands;    /* const struct ast_operand * */
	struct parse_stack values;      /* struct ast_value */
	struct cond_diag diag;          /* code COND_OK until the first failure */
};

/* False: diag says out of memory, too large, or holds a NUL. p needs parser_release in any case. */
bool parser_init(struct parser *p, const struct cond_parser *opt, const char *text, size_t len);
void parser_release(struct parser *p);
/* Copies diag to why, which may be NULL, and returns its code as a status. */
enum status parser_status(const struct parser *p, struct cond_diag *why);

/* The first failure wins. Both return false, so that a caller can return them. */
bool parse_fail(struct parser *p, const char *fmt, ...) VITRINE_PRINTF(2, 3);
bool parse_fail_code(struct parser *p, enum cond_error code, const char *fmt, ...) VITRINE_PRINTF(3, 4);

/* Every grammar function costs one level, as in Falco. */
bool parse_enter(struct parser *p);
static inline void parse_leave(struct parser *p)
{
	p->depth--;
}

/* NULL: the arena is full, or size is 0; the failure is set. */
void *parse_alloc(struct parser *p, size_t size);
/* Pushes size bytes. False: out of memory. */
bool parse_push(struct parser *p, struct parse_stack *s, const void *item, size_t size);
/* Cuts the items from base on off the stack and copies them to the arena. NULL with a failure set: the arena is full. */
void *parse_pop(struct parser *p, struct parse_stack *s, size_t base, size_t size);

/* parse_operand.c; NULL: failure set, or nothing of the kind stands here (then no failure is set). */
const struct ast_operand *parse_field(struct parser *p);
const struct ast_operand *parse_transformer(struct parser *p);
/* RightRef; *is_val: it was val(). */
const struct ast_operand *parse_right(struct parser *p, bool *is_val);

/* parse_value.c */
/* False without a failure: no value stands here. */
bool parse_value(struct parser *p, struct ast_value *out);
/* After the "(": values up to and with the ")". */
bool parse_values(struct parser *p, struct ast_check *out);
/* What stands between quotes, unescaped, as a value. */
bool parse_unescape(struct parser *p, const struct token *quoted, char quote, struct ast_value *out);

/* parse_check.c: operator and right side behind a left side. */
const struct ast_node *parse_test(struct parser *p, const struct ast_operand *left);

#endif
