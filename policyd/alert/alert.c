#include "policyd/alert/alert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/alert/template.h"
#include "policyd/engine/operand.h"
#include "proto/base/clock.h"
#include "proto/base/text.h"

enum { OWN_KEYS = 5 };    /* time, gap, held back, count, incomplete: on top of the rule's own */

/* One key of output_fields and where its value comes from. */
struct output_key {
	const char *name;
	const struct template *template;     /* NULL: `given`, `word` or `number` */
	size_t index;                        /* field of the template */
	size_t order;                        /* of being added: of two with one name the first is kept */
	bool as_text;                        /* the template's text, else its field's value */
	uint64_t number;
	const char *word;                    /* NULL: not one of JSON's words */
	const struct alert_text *given;      /* NULL: none of the alert's own texts */
};

struct alert_writer {
	struct alert_settings settings;
	struct template_style style;
	struct buf message;                  /* "prefix message"; the message starts at prefix_len */
	size_t prefix_len;
	struct buf value;
	struct output_key *keys;
	size_t key_count, key_cap;
	struct alert_gaps *gaps;             /* NULL: nobody asks */
};

struct alert_writer *alert_writer_create(const struct alert_settings *settings)
{
	struct alert_writer *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->settings = *settings;
	w->style.base64_buffers = settings->buffer_format_base64;
	w->style.max_value_bytes = ALERT_MAX_VALUE_BYTES;
	buf_init(&w->message, ALERT_MAX_MESSAGE_BYTES);
	buf_init(&w->value, ALERT_MAX_MESSAGE_BYTES);
	return w;
}

void alert_writer_destroy(struct alert_writer *w)
{
	if (!w)
		return;
	buf_release(&w->message);
	buf_release(&w->value);
	free(w->keys);
	free(w);
}

/* ---- time ---- */

static void append_date(struct buf *out, int64_t time_ns)
{
	struct calendar c;

	calendar_from_unix_ns(time_ns > 0 ? time_ns : 0, &c);
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09" PRIu32, c.year, c.month, c.day, c.hour, c.minute, c.second,
		c.nanosecond);
}

static void append_time_of_day(struct buf *out, int64_t time_ns, int32_t utc_offset_s)
{
	int64_t local = time_ns + (int64_t)utc_offset_s * 1000000000;
	struct calendar c;

	calendar_from_unix_ns(local > 0 ? local : 0, &c);
	buf_printf(out, "%02d:%02d:%02d.%09" PRIu32, c.hour, c.minute, c.second, c.nanosecond);
}

/* "13:53:31.726060287: Critical " */
static void append_prefix(const struct alert_writer *w, struct buf *out, int64_t time_ns, enum priority priority)
{
	if (w->settings.time_format_iso_8601) {
		append_date(out, time_ns);
		buf_append_str(out, "+0000");
	} else {
		append_time_of_day(out, time_ns, w->settings.utc_offset_s);
	}
	buf_printf(out, ": %s ", priority_name(priority));
}

/* An alert is never given up for its length: what fits is told, and that there was more. */
static void mark_cut(struct buf *message)
{
	static const char mark[] = " ...[alert cut]";

	message->failed = false;
	if (message->len + sizeof mark > message->max_bytes)
		message->len = message->max_bytes - sizeof mark;
	buf_append_str(message, mark);
}

static uint32_t count_marks(const char *text, size_t len)
{
	uint32_t n = 0;

	for (size_t i = 0; i + 4 <= len; i++)
		n += memcmp(text + i, "<NA>", 4) == 0;
	return n;
}

static void note_gap(void *ctx, const struct operand *o, size_t at)
{
	struct alert_writer *w = ctx;
	struct alert_gap *g = &w->gaps->gaps[w->gaps->count];

	if (o->kind != OPERAND_FIELD || o->is_list)
		return;
	if (w->gaps->count == ALERT_MAX_GAPS || o->arg.key_len > ALERT_MAX_GAP_KEY) {
		w->gaps->left_out++;
		return;
	}
	*g = (struct alert_gap){ .field = o->field, .arg = o->arg,
		.mark = count_marks((const char *)w->message.data, at) };
	if (o->arg.present)
		memcpy(g->key, o->arg.key, o->arg.key_len);
	w->gaps->count++;
}

void alert_writer_note_gaps(struct alert_writer *w, struct alert_gaps *gaps)
{
	w->gaps = gaps;
}

static bool render(struct alert_writer *w, const struct alert *a)
{
	struct template_style style = w->style;
	enum template_result result;

	style.missing = w->gaps ? note_gap : NULL;
	style.missing_ctx = w;
	buf_clear(&w->message);
	append_prefix(w, &w->message, a->time_ns, a->rule->priority);
	w->prefix_len = w->message.len;
	if (w->gaps)
		w->gaps->count = w->gaps->left_out = 0;
	result = template_render(a->rule->output_template, a->event, &style, &w->message);
	if (result == TEMPLATE_SUPPRESSED)
		return false;
	if (result == TEMPLATE_FULL)
		mark_cut(&w->message);
	if (a->held_back)
		buf_printf(&w->message, " (held back since: %" PRIu64 ")", a->held_back);
	return !w->message.failed;
}

bool alert_write_text(struct alert_writer *w, const struct alert *a, struct buf *out)
{
	return render(w, a) && text_append_json_body(out, (const char *)w->message.data, w->message.len);
}

/* ---- output_fields ---- */

static bool reserve_keys(struct alert_writer *w, size_t count)
{
	struct output_key *grown;

	w->key_count = 0;
	if (count <= w->key_cap)
		return true;
	grown = realloc(w->keys, count * sizeof *grown);
	if (!grown)
		return false;
	w->keys = grown;
	w->key_cap = count;
	return true;
}

static void add_key(struct alert_writer *w, const struct output_key *key)
{
	w->keys[w->key_count] = *key;
	w->keys[w->key_count].order = w->key_count;
	w->key_count++;
}

static int compare_keys(const void *a, const void *b)
{
	const struct output_key *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool collect_keys(struct alert_writer *w, const struct alert *a)
{
	const struct template *t = a->rule->output_template;

	if (!reserve_keys(w, template_field_count(t) + a->rule->extra_field_count + a->place_count + OWN_KEYS))
		return false;
	add_key(w, &(struct output_key){ .name = w->settings.time_format_iso_8601 ? "evt.time.iso8601" : "evt.time",
			   .number = (uint64_t)a->time_ns });
	if (a->lost_before)
		add_key(w, &(struct output_key){ .name = "evt.gap", .number = a->lost_before });
	if (a->incomplete)
		add_key(w, &(struct output_key){ .name = "evt.incomplete", .word = "true" });
	if (a->held_back)
		add_key(w, &(struct output_key){ .name = "alert.held_back", .number = a->held_back });
	if (a->threshold)
		add_key(w, &(struct output_key){ .name = a->threshold_distinct ? "alert.distinct" : "alert.count",
				   .number = a->threshold });
	for (size_t i = 0; i < template_field_count(t); i++)
		add_key(w, &(struct output_key){ .name = template_field_name(t, i), .template = t, .index = i });
	for (size_t i = 0; i < a->rule->extra_field_count; i++) {
		const struct rule_extra_field *x = &a->rule->extra_fields[i];

		add_key(w, &(struct output_key){ .name = x->name, .template = x->format, .as_text = !x->raw });
	}
	for (size_t i = 0; i < a->place_count; i++)
		add_key(w, &(struct output_key){ .name = a->place[i].name, .given = &a->place[i] });
	qsort(w->keys, w->key_count, sizeof w->keys[0], compare_keys);
	return true;
}

static void append_value(struct alert_writer *w, const struct output_key *key, const struct event_view *ev,
	struct buf *out)
{
	if (key->given) {
		text_append_json(out, key->given->text, key->given->len);
	} else if (key->word) {
		buf_append_str(out, key->word);
	} else if (!key->template) {
		buf_printf(out, "%" PRIu64, key->number);
	} else if (!key->as_text) {
		template_field_json(key->template, key->index, ev, &w->style, out);
	} else {
		buf_clear(&w->value);
		template_render(key->template, ev, &w->style, &w->value);
		text_append_json(out, buf_cstr(&w->value), w->value.len);
	}
}

static bool append_output_fields(struct alert_writer *w, const struct alert *a, struct buf *out)
{
	const char *last = NULL;

	if (!collect_keys(w, a))
		return false;
	buf_append_char(out, '{');
	for (size_t i = 0; i < w->key_count; i++) {
		const struct output_key *key = &w->keys[i];

		if (last && strcmp(last, key->name) == 0)
			continue;
		if (last)
			buf_append_char(out, ',');
		last = key->name;
		text_append_json(out, key->name, strlen(key->name));
		buf_append_char(out, ':');
		append_value(w, key, a->event, out);
	}
	return buf_append_char(out, '}');
}

bool alert_write_parts(struct alert_writer *w, const struct alert *a, struct buf *message, struct buf *fields)
{
	return render(w, a) && buf_append(message, w->message.data + w->prefix_len, w->message.len - w->prefix_len) &&
	       append_output_fields(w, a, fields);
}

/* ---- JSON ---- */

static void append_member(struct buf *out, const char *key, const char *text, size_t len)
{
	buf_printf(out, "\"%s\":", key);
	text_append_json(out, text, len);
	buf_append_char(out, ',');
}

static void append_text_member(struct buf *out, const char *key, const char *text)
{
	append_member(out, key, text, strlen(text));
}

static void append_tags(struct buf *out, const struct name_list *tags)
{
	buf_append_str(out, "\"tags\":[");
	for (size_t i = 0; i < tags->count; i++) {
		if (i)
			buf_append_char(out, ',');
		text_append_json(out, tags->names[i], strlen(tags->names[i]));
	}
	buf_append_str(out, "],");
}

static void append_time_end(struct buf *out, int64_t time_ns)
{
	buf_append_str(out, "\"time\":\"");
	append_date(out, time_ns);
	buf_append_str(out, "Z\"}");
}

/* Keys in the order of their names, as Falco's JSON library writes them. */
bool alert_write_json(struct alert_writer *w, const struct alert *a, struct buf *out)
{
	const struct alert_settings *s = &w->settings;
	const char *text;

	if (!render(w, a))
		return false;
	text = (const char *)w->message.data;
	buf_append_char(out, '{');
	append_text_member(out, "hostname", a->hostname);
	if (s->json_include_message_property)
		append_member(out, "message", text + w->prefix_len, w->message.len - w->prefix_len);
	if (s->json_include_output_property)
		append_member(out, "output", text, w->message.len);
	if (s->json_include_output_fields_property) {
		buf_append_str(out, "\"output_fields\":");
		if (!append_output_fields(w, a, out))
			return false;
		buf_append_char(out, ',');
	}
	append_text_member(out, "priority", priority_name(a->rule->priority));
	append_text_member(out, "rule", a->rule->name);
	append_text_member(out, "source", a->rule->source);
	if (s->json_include_tags_property)
		append_tags(out, &a->rule->tags);
	append_time_end(out, a->time_ns);
	return !out->failed;
}

bool alert_write(struct alert_writer *w, const struct alert *a, struct buf *out)
{
	return w->settings.json_output ? alert_write_json(w, a, out) : alert_write_text(w, a, out);
}

/* ---- alerts about the program itself ---- */

static void append_internal_fields(struct buf *out, const struct internal_alert *a)
{
	buf_append_str(out, "\"output_fields\":{");
	for (size_t i = 0; i < a->field_count; i++) {
		if (i)
			buf_append_char(out, ',');
		text_append_json(out, a->fields[i].name, strlen(a->fields[i].name));
		buf_append_char(out, ':');
		text_append_json(out, a->fields[i].value, strlen(a->fields[i].value));
	}
	buf_append_str(out, "},");
}

static bool internal_json(struct alert_writer *w, const struct internal_alert *a, struct buf *out)
{
	buf_append_char(out, '{');
	append_text_member(out, "hostname", a->hostname);
	if (w->settings.json_include_output_property)
		append_member(out, "output", buf_cstr(&w->message), w->message.len);
	if (w->settings.json_include_output_fields_property)
		append_internal_fields(out, a);
	append_text_member(out, "priority", priority_name(a->priority));
	append_text_member(out, "rule", a->rule);
	append_text_member(out, "source", "internal");
	append_time_end(out, a->time_ns);
	return !out->failed;
}

bool alert_write_internal(struct alert_writer *w, const struct internal_alert *a, struct buf *out)
{
	buf_clear(&w->message);
	append_prefix(w, &w->message, a->time_ns, a->priority);
	buf_append_str(&w->message, a->message);
	if (w->settings.json_output)
		return !w->message.failed && internal_json(w, a, out);
	for (size_t i = 0; i < a->field_count; i++) {
		buf_printf(&w->message, "%s%s=", i ? " " : " (", a->fields[i].name);
		text_append_json(&w->message, a->fields[i].value, strlen(a->fields[i].value));
	}
	if (a->field_count)
		buf_append_char(&w->message, ')');
	return !w->message.failed && buf_append(out, w->message.data, w->message.len);
}
