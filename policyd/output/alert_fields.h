/* alert_fields: Falco's document taken apart again, for formats that want values and not text. The only place of jansson
 * in policyd. One thread for each object. */
#ifndef VITRINE_OUTPUT_ALERT_FIELDS_H
#define VITRINE_OUTPUT_ALERT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alert_value_type { ALERT_VALUE_TEXT, ALERT_VALUE_INT, ALERT_VALUE_REAL, ALERT_VALUE_BOOL, ALERT_VALUE_LIST };

struct alert_fields;

struct alert_field {
	const char *name;
	enum alert_value_type type;
	const char *text;                      /* UTF-8 without NUL inside */
	int64_t number;                        /* also ALERT_VALUE_BOOL: 0 or 1 */
	double real;
	const void *list;                      /* for alert_fields_item */
	size_t item_count;                     /* texts of the list */
};

/* NULL: no JSON object, or out of memory. */
struct alert_fields *alert_fields_parse(const char *json, size_t len);
void alert_fields_destroy(struct alert_fields *f);    /* NULL is fine */

size_t alert_fields_count(const struct alert_fields *f);
/* Calls back for each field of output_fields that has a value, in the order of the document. */
typedef void alert_field_visit(void *ctx, const struct alert_field *field);
void alert_fields_each(const struct alert_fields *f, alert_field_visit *visit, void *ctx);
/* Item i of a list as text; "" for what is no text. */
const char *alert_fields_item(const struct alert_field *field, size_t i);
/* The document's tags, as a list. */
struct alert_field alert_fields_tags(const struct alert_fields *f);

/* Falco's line without time and priority: "13:53:31.7: Critical Shell ..." gives "Shell ...". */
const char *alert_message(const char *text, const char *priority);

#endif
