/* alert: one match as people and machines read it: Falco's text line and Falco's JSON document (falco-language.md §3.2).
 * A writer belongs to one thread; it keeps its memory, so a steady flow of alerts allocates nothing. */
#ifndef VITRINE_ALERT_H
#define VITRINE_ALERT_H

#include "policyd/engine/field.h"
#include "policyd/ruleset/ruleset.h"
#include "proto/base/buf.h"

enum {
	ALERT_MAX_MESSAGE_BYTES = 1 << 20,   /* one output text; longer ones end in "...[alert cut]" */
	ALERT_MAX_VALUE_BYTES = 32 * 1024,   /* one value in it, such as a script; ten of them fit any output */
};

/* Names and meanings are Falco's configuration keys. */
struct alert_settings {
	bool json_output;
	bool time_format_iso_8601;
	bool json_include_message_property;
	bool json_include_output_property;
	bool json_include_output_fields_property;
	bool json_include_tags_property;
	bool buffer_format_base64;
	int32_t utc_offset_s;                /* of the local time in %evt.time; 0 in replay */
};

#define ALERT_SETTINGS_DEFAULT                                                                                         \
	{ .json_include_output_property = true, .json_include_output_fields_property = true,                           \
	    .json_include_tags_property = true }

/* A field that the rule need not print. */
struct alert_text {
	const char *name, *text;
	size_t len;
};

enum {
	ALERT_MAX_PLACE = 12,
	ALERT_MAX_GAPS = 24,                 /* fields without a value in one output text; a long output has twenty fields */
	ALERT_MAX_GAP_KEY = 127,             /* argument of such a field: a label's key */
};

/* Borrowed for one call. */
struct alert {
	const struct rule *rule;
	const struct event_view *event;
	int64_t time_ns;                     /* since 1970, UTC */
	const char *hostname;
	uint64_t held_back;                  /* alerts of the rule and its throttle's key not told before this one; 0: none */
	uint32_t threshold;                  /* matches, or different values, that the rule's threshold counted; 0: none */
	bool threshold_distinct;
	uint64_t lost_before;                /* records lost since the last alert that told so: `evt.gap`; 0: none */
	bool incomplete;                     /* its pod is not known yet: `evt.incomplete` */
	const struct alert_text *place;      /* where in a cluster it happened: members of output_fields; at most ALERT_MAX_PLACE */
	size_t place_count;
};

/* A field that had no value when an alert was written: what would put it in later. */
struct alert_gap {
	const struct field *field;           /* of the vocabulary, which lives as long as the program */
	struct field_arg arg;                /* its key in `key` */
	char key[ALERT_MAX_GAP_KEY + 1];
	uint32_t mark;                       /* number of the "<NA>" in the message that stands for it, from 0 */
};

struct alert_gaps {
	struct alert_gap gaps[ALERT_MAX_GAPS];
	size_t count;
	uint32_t left_out;                   /* more, or with longer keys; a part of the text then stays "<NA>" */
};

struct alert_writer;

struct alert_writer *alert_writer_create(const struct alert_settings *settings);    /* NULL: out of memory */
void alert_writer_destroy(struct alert_writer *w);                                  /* NULL is fine */

/* As settings.json_output says, without a line break at the end. False: out is full, or memory is; out holds a part of it. */
bool alert_write(struct alert_writer *w, const struct alert *a, struct buf *out);
bool alert_write_text(struct alert_writer *w, const struct alert *a, struct buf *out);
bool alert_write_json(struct alert_writer *w, const struct alert *a, struct buf *out);
/* The message, bytes as they come, and the object of output_fields, whatever the settings say. */
bool alert_write_parts(struct alert_writer *w, const struct alert *a, struct buf *message, struct buf *fields);

/* From now on each alert's gaps are written there; NULL: no more. For plain fields of the message, without transformers. */
void alert_writer_note_gaps(struct alert_writer *w, struct alert_gaps *gaps);

/* An alert of the program about itself: source "internal", text `time: Priority message (k=v k2=v2)`. */
struct internal_field {
	const char *name, *value;
};
struct internal_alert {
	const char *rule, *message, *hostname;
	enum priority priority;
	int64_t time_ns;
	const struct internal_field *fields;    /* sorted by name */
	size_t field_count;
};
bool alert_write_internal(struct alert_writer *w, const struct internal_alert *a, struct buf *out);

#endif
