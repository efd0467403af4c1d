#include "collector/import/evtx/event_xml.h"

#include "collector/import/evtx/xml_reader.h"
#include "collector/import/named/log_text.h"

enum { DEPTH_EVENT = 1, DEPTH_SECTION = 2, DEPTH_ITEM = 3 };

struct event_reader {
	struct xml_reader xml;
	struct named_record *out;
	const char *item_at;                /* where the item just read starts */
	bool in_system;
	bool in_data;                       /* inside a Data element: what stands there is its value, markup or not */
	bool is_leaf;                       /* no element since the last one started, apart from a Data's inside */
	bool is_markup;                     /* the leaf holds more than plain text */
	struct text_view name;              /* of the leaf */
	const char *content;                /* behind its start tag */
};

/* Views of the reader stand in the caller's text, which may be written. */
static char *writable(struct text_view t)
{
	return (char *)(uintptr_t)t.ptr;
}

static enum status resolve(struct text_view *t)
{
	size_t len = t->len;
	enum status st = ST_OK;

	if (t->len && (memchr(t->ptr, '&', t->len) || memchr(t->ptr, '\r', t->len)))
		st = xml_resolve(*t, writable(*t), &len);
	t->len = len;
	return st;
}

static uint64_t number(struct text_view t, uint64_t max, uint64_t otherwise)
{
	uint64_t value = otherwise;

	log_text_number_max(t, max, &value);
	return value;
}

/* Attributes of System's elements. */
static void system_attribute(struct event_reader *e, struct text_view element, struct text_view name, struct text_view value)
{
	struct record *r = &e->out->rec;
	struct log_time time;

	if (text_is(element, "Provider") && text_is(name, "Name"))
		named_record_name(e->out, &r->provider_name, value);
	else if (text_is(element, "Provider") && text_is(name, "Guid"))
		guid_parse(value.ptr, value.len, &r->provider);
	else if (text_is(element, "TimeCreated") && text_is(name, "SystemTime") && log_text_iso_time(value, &time))
		r->time_100ns = time.time_100ns;
	else if (text_is(element, "Execution") && text_is(name, "ProcessID"))
		r->pid = (uint32_t)number(value, UINT32_MAX, UINT32_MAX);
	else if (text_is(element, "Execution") && text_is(name, "ThreadID"))
		r->tid = (uint32_t)number(value, UINT32_MAX, UINT32_MAX);
	else if (text_is(element, "Security") && text_is(name, "UserID"))
		named_record_user(e->out, value);
}

/* Texts of System's elements. */
static void system_text(struct event_reader *e, struct text_view element, struct text_view value)
{
	struct record *r = &e->out->rec;

	if (text_is(element, "EventID"))
		r->id = (uint16_t)number(value, UINT16_MAX, 0);
	else if (text_is(element, "Version"))
		r->version = (uint8_t)number(value, UINT8_MAX, 0);
	else if (text_is(element, "Level"))
		r->level = (uint8_t)number(value, UINT8_MAX, 0);
	else if (text_is(element, "Task"))
		r->task = (uint16_t)number(value, UINT16_MAX, 0);
	else if (text_is(element, "Opcode"))
		r->opcode = (uint8_t)number(value, UINT8_MAX, 0);
	else if (text_is(element, "Keywords"))
		r->keyword = number(value, UINT64_MAX, 0);
	else if (text_is(element, "EventRecordID"))
		r->record_id = number(value, UINT64_MAX, 0);
	else if (text_is(element, "Channel"))
		named_record_name(e->out, &r->channel, value);
	else if (text_is(element, "Computer"))
		named_record_name(e->out, &r->host, value);
}

static bool says_nothing(struct text_view attribute)
{
	return attribute.len >= 5 && memcmp(attribute.ptr, "xmlns", 5) == 0;
}

static enum status take_attributes(struct event_reader *e)
{
	struct xml_reader *x = &e->xml;
	enum status st = ST_OK;

	e->name = text_is(x->name, "Data") ? text_of("") : x->name;
	for (size_t i = 0; i < x->attribute_count && st == ST_OK; i++) {
		struct text_view name = x->attributes[i].name, value = x->attributes[i].raw;

		st = resolve(&value);
		if (e->in_system)
			system_attribute(e, x->name, name, value);
		else if (text_is(x->name, "Data") && text_is(name, "Name"))
			e->name = value;
		else if (!says_nothing(name) && x->depth >= DEPTH_ITEM)
			named_record_add(e->out, name, value);
	}
	return st;
}

static enum status on_start(struct event_reader *e)
{
	struct xml_reader *x = &e->xml;

	if (e->in_data) {
		e->is_markup = true;
		return ST_OK;
	}
	if (x->depth == DEPTH_EVENT && !text_is(x->name, "Event"))
		return ST_MALFORMED;
	if (x->depth == DEPTH_SECTION)
		e->in_system = text_is(x->name, "System");
	e->in_data = x->depth == DEPTH_ITEM && text_is(x->name, "Data");
	e->is_leaf = x->depth >= DEPTH_ITEM;
	e->is_markup = false;
	e->content = x->at;
	return take_attributes(e);
}

static enum status on_end(struct event_reader *e)
{
	struct text_view value = { .ptr = e->content, .len = (size_t)(e->item_at - e->content) };
	enum status st = ST_OK;

	if (e->in_data && e->xml.depth >= DEPTH_ITEM)    /* an element inside the value */
		return ST_OK;
	if (e->is_leaf && !e->is_markup)
		st = resolve(&value);
	if (e->is_leaf && e->in_system)
		system_text(e, e->xml.name, value);
	else if (e->is_leaf)
		named_record_add(e->out, e->name, value);
	e->is_leaf = e->in_data = false;
	return st;
}

static enum status take_item(struct event_reader *e, enum xml_item item)
{
	if (item == XML_START)
		return on_start(e);
	if (item == XML_END)
		return on_end(e);
	e->is_markup |= e->xml.is_cdata;
	return ST_OK;
}

enum status event_xml_read(char *text, size_t len, struct named_record *n)
{
	struct event_reader e = { .out = n };
	enum xml_item item = XML_DONE;
	enum status st;

	named_record_begin(n);
	xml_reader_init(&e.xml, (struct text_view){ .ptr = text, .len = len });
	do {
		e.item_at = e.xml.at;
		st = xml_next(&e.xml, &item);
		if (st == ST_OK && item != XML_DONE)
			st = take_item(&e, item);
	} while (st == ST_OK && item != XML_DONE);
	return st;
}
