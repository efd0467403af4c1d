/* template: output texts of rules (falco-language.md §3.1), compiled against a vocabulary when rules are loaded:
 * "%field", "%field[arg]", "%transformer(...)", "%20field" padded or cut to 20 bytes, a leading "*" that prints <NA> for
 * what is missing. Immutable; lives in the arena it was compiled in; any thread. Rendering allocates nothing but what the
 * buffer and the event's scratch arena need. */
#ifndef VITRINE_ALERT_TEMPLATE_H
#define VITRINE_ALERT_TEMPLATE_H

#include "policyd/engine/condition.h"

enum {
	TEMPLATE_MAX_BYTES = 64 * 1024,     /* of the text; outputs of the published rules stay under 1 KiB */
	TEMPLATE_MAX_PIECES = 4096,
	TEMPLATE_MAX_PAD = 65535,           /* %N */
};

struct template;

/* why->pos counts in the text. why->code is COND_UNKNOWN_FIELD where Falco says "unknown filter". */
enum status template_compile(const struct cond_checker *c, const char *text, size_t len, const struct template **out,
	struct cond_diag *why);

struct template_style {
	bool base64_buffers;                /* byte buffers as base64, else as printable text */
	bool times_as_text;                 /* evt.time and its like as the texts they are; else, as in Falco's alerts, ns since 1970 */
	size_t max_value_bytes;             /* longer texts end in "...[cut, N bytes]"; 0: no bound */
	/* Told where "<NA>" stands for a whole value; at: its place in the buffer. NULL: nobody asks. */
	void (*missing)(void *ctx, const struct operand *o, size_t at);
	void *missing_ctx;
};

enum template_result {
	TEMPLATE_DONE,
	TEMPLATE_SUPPRESSED,                /* no leading "*", and a value is missing; out is as it was */
	TEMPLATE_FULL,                      /* the buffer refused */
};

enum template_result template_render(const struct template *t, const struct event_view *ev,
	const struct template_style *style, struct buf *out);

/* The fields of the text without their transformers, each once, in order: the keys of output_fields. */
size_t template_field_count(const struct template *t);
const char *template_field_name(const struct template *t, size_t i);    /* canonical: "proc.aname[2]" */
/* The value of field i as JSON: numbers, booleans and arrays keep their type, null when missing. False: buffer full. */
bool template_field_json(const struct template *t, size_t i, const struct event_view *ev,
	const struct template_style *style, struct buf *out);

#endif
