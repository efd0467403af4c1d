#include "policyd/alert/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/alert/template_value.h"

struct piece {
	const char *text;              /* NULL: a field */
	size_t len;
	const struct operand *operand;
	uint32_t pad;                  /* 0: as long as it is */
};

struct template_field {
	const char *name;
	const struct operand *operand;
};

struct template {
	bool prints_missing;           /* leading "*" */
	bool windows_path;
	struct piece *pieces;
	size_t piece_count;
	struct template_field *fields;
	size_t field_count;
};

struct compiler {
	const struct cond_checker *c;
	const char *text;              /* in the arena */
	size_t len, at;
	struct template *t;
	size_t piece_cap, field_cap;
	struct cond_prefix prefix;     /* what the field at hand was read as */
	struct cond_diag diag;
	enum status st;
};

static bool fail(struct compiler *k, enum cond_error code, const char *message)
{
	if (k->st != ST_OK)
		return false;
	k->diag = (struct cond_diag){ .code = code, .pos = { .offset = (uint32_t)k->at } };
	snprintf(k->diag.text, sizeof k->diag.text, "%s", message);
	k->st = code == COND_OUT_OF_MEMORY ? ST_NOMEM : code == COND_TOO_LARGE ? ST_LIMIT : ST_MALFORMED;
	return false;
}

/* Room for one more of the array; NULL: failed. */
static void *grow(struct compiler *k, void *items, size_t count, size_t *cap, size_t size)
{
	size_t bigger = *cap ? *cap * 2 : 16;
	void *copy;

	if (count < *cap)
		return items;
	if (count >= TEMPLATE_MAX_PIECES) {
		fail(k, COND_TOO_LARGE, "output has too many fields");
		return NULL;
	}
	copy = arena_alloc(k->c->arena, bigger * size);
	if (!copy) {
		fail(k, COND_OUT_OF_MEMORY, "out of memory");
		return NULL;
	}
	if (count)
		memcpy(copy, items, count * size);
	*cap = bigger;
	return copy;
}

static bool add_piece(struct compiler *k, const struct piece *p)
{
	struct piece *pieces = grow(k, k->t->pieces, k->t->piece_count, &k->piece_cap, sizeof *pieces);

	if (!pieces)
		return false;
	k->t->pieces = pieces;
	pieces[k->t->piece_count++] = *p;
	return true;
}

/* ---- the fields of a text ---- */

static bool has_field(const struct template *t, const char *name)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (strcmp(t->fields[i].name, name) == 0)
			return true;
	return false;
}

/* The field with its argument, as text; NULL: out of memory. */
static const char *field_text(struct compiler *k, const struct ast_operand *ast)
{
	const char *text = NULL;
	struct buf name;

	if (!ast->arg)
		return ast->name;
	buf_init(&name, TEMPLATE_MAX_BYTES);
	if (condition_canonical_operand(ast, &name))
		text = arena_strndup(k->c->arena, buf_cstr(&name), name.len);
	buf_release(&name);
	return text;
}

static bool add_field(void *ctx, const struct ast_operand *ast)
{
	struct compiler *k = ctx;
	struct ast_left left = { .operand = ast };
	struct template_field f = { .name = field_text(k, ast) };
	struct template_field *fields;

	if (!f.name)
		return fail(k, COND_OUT_OF_MEMORY, "out of memory");
	if (has_field(k->t, f.name))
		return true;
	if (ast == k->prefix.ast)
		f.operand = k->prefix.operand;
	else if (condition_check_operand(k->c, &left, &f.operand, NULL) != ST_OK)
		return fail(k, COND_OUT_OF_MEMORY, "out of memory");
	fields = grow(k, k->t->fields, k->t->field_count, &k->field_cap, sizeof *fields);
	if (!fields)
		return false;
	k->t->fields = fields;
	fields[k->t->field_count++] = f;
	return true;
}

static bool refuse_filter_only(void *ctx, const struct ast_operand *ast)
{
	struct compiler *k = ctx;
	const struct field *f = field_find(k->c->vocabulary, k->c->index, ast->name, ast->name_len);
	char text[256];

	if (!f || !(f->flags & FIELD_FILTER_ONLY))
		return true;
	snprintf(text, sizeof text, "field '%.100s' is for conditions only", f->name);
	return fail(k, COND_TYPE, text);
}

/* ---- compile ---- */

/* Digits right behind the "%". */
static bool take_pad(struct compiler *k, uint32_t *pad)
{
	*pad = 0;
	while (k->at < k->len && k->text[k->at] >= '0' && k->text[k->at] <= '9') {
		*pad = *pad * 10 + (uint32_t)(k->text[k->at++] - '0');
		if (*pad > TEMPLATE_MAX_PAD)
			return fail(k, COND_TOO_LARGE, "field width is over 65535");
	}
	return true;
}

static bool compile_field(struct compiler *k)
{
	struct piece p = { .text = NULL };

	if (++k->at == k->len)
		return fail(k, COND_SYNTAX, "invalid formatting syntax: formatting cannot end with a %");
	if (!take_pad(k, &p.pad))
		return false;
	if (k->at == k->len)
		return fail(k, COND_SYNTAX, "invalid formatting syntax: formatting cannot end with a number");
	k->st = condition_operand_prefix(k->c, k->text + k->at, k->len - k->at, &k->prefix, &k->diag);
	if (k->st != ST_OK) {
		k->diag.pos = (struct cond_pos){ .offset = (uint32_t)k->at };
		return false;
	}
	if (!ast_each_field(k->prefix.ast, refuse_filter_only, k) || !ast_each_field(k->prefix.ast, add_field, k))
		return false;
	k->at += k->prefix.used;
	p.operand = k->prefix.operand;
	return add_piece(k, &p);
}

static bool compile_text(struct compiler *k)
{
	const char *start = k->text + k->at;
	const char *percent = memchr(start, '%', k->len - k->at);
	struct piece p = { .text = start, .len = percent ? (size_t)(percent - start) : k->len - k->at };

	k->at += p.len;
	return add_piece(k, &p);
}

static bool compile_pieces(struct compiler *k)
{
	if (k->len > TEMPLATE_MAX_BYTES)
		return fail(k, COND_TOO_LARGE, "output is longer than 65536 bytes");
	if (k->len == 0)
		return fail(k, COND_SYNTAX, "empty formatting token");
	k->t = arena_zalloc(k->c->arena, sizeof *k->t);
	k->text = k->t ? arena_strndup(k->c->arena, k->text, k->len) : NULL;
	if (!k->text)
		return fail(k, COND_OUT_OF_MEMORY, "out of memory");
	k->t->windows_path = k->c->vocabulary->windows;
	k->t->prints_missing = k->text[0] == '*';
	k->at = k->t->prints_missing ? 1 : 0;
	while (k->at < k->len) {
		if (!(k->text[k->at] == '%' ? compile_field(k) : compile_text(k)))
			return false;
	}
	return true;
}

/* Line and column of the failure, from its offset. */
static void locate(struct compiler *k)
{
	uint32_t line = 1, column = 1;

	for (size_t i = 0; i < k->diag.pos.offset && i < k->len; i++) {
		column = k->text[i] == '\n' ? 1 : column + 1;
		line += k->text[i] == '\n';
	}
	k->diag.pos.line = line;
	k->diag.pos.column = column;
}

enum status template_compile(const struct cond_checker *c, const char *text, size_t len, const struct template **out,
	struct cond_diag *why)
{
	struct compiler k = { .c = c, .text = text, .len = len };

	*out = NULL;
	if (compile_pieces(&k)) {
		*out = k.t;
		return ST_OK;
	}
	if (k.text)
		locate(&k);
	if (why)
		*why = k.diag;
	return k.st;
}

/* ---- render ---- */

/* Pads what was appended from `start` on to n bytes, or cuts it. */
static void fit(struct buf *out, size_t start, size_t n)
{
	size_t len = out->len - start;

	if (len >= n) {
		out->len = start + n;
		return;
	}
	if (buf_reserve(out, n - len)) {
		memset(out->data + out->len, ' ', n - len);
		out->len = start + n;
	}
}

enum template_result template_render(const struct template *t, const struct event_view *ev,
	const struct template_style *style, struct buf *out)
{
	size_t begin = out->len;

	for (size_t i = 0; i < t->piece_count; i++) {
		const struct piece *p = &t->pieces[i];
		size_t start = out->len;

		if (p->text) {
			buf_append(out, p->text, p->len);
			continue;
		}
		if (!template_value_text(p->operand, ev, t->windows_path, style, out)) {
			if (!t->prints_missing) {
				out->len = begin;
				return TEMPLATE_SUPPRESSED;
			}
			if (style->missing && !p->pad)
				style->missing(style->missing_ctx, p->operand, start);
			buf_append_str(out, "<NA>");
		}
		if (p->pad)
			fit(out, start, p->pad);
	}
	return out->failed ? TEMPLATE_FULL : TEMPLATE_DONE;
}

size_t template_field_count(const struct template *t)
{
	return t->field_count;
}

const char *template_field_name(const struct template *t, size_t i)
{
	return t->fields[i].name;
}

bool template_field_json(const struct template *t, size_t i, const struct event_view *ev,
	const struct template_style *style, struct buf *out)
{
	template_value_json(t->fields[i].operand, ev, t->windows_path, style, out);
	return !out->failed;
}
