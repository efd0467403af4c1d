#include "collector/import/named/flat_event.h"

/* What a name means. Numbers have the largest value their place in a record holds. */
enum meaning {
	MEANS_PROVIDER, MEANS_GUID, MEANS_CHANNEL, MEANS_HOST, MEANS_USER, MEANS_ID, MEANS_VERSION, MEANS_LEVEL, MEANS_TASK,
	MEANS_OPCODE, MEANS_KEYWORD, MEANS_RECORD_ID, MEANS_PID, MEANS_TID, MEANS_CREATED, MEANS_EVENT_TIME, MEANS_RECEIVED,
	MEANS_STAMP
};

static const struct known_name {
	const char *name;
	enum meaning meaning;
	bool number_only;    /* as a text it is a value of the event */
} known_names[] = {
	{ "EventID", MEANS_ID, false }, { "EventId", MEANS_ID, false },
	{ "Channel", MEANS_CHANNEL, false },
	{ "SourceName", MEANS_PROVIDER, false }, { "ProviderName", MEANS_PROVIDER, false },
	{ "ProviderGuid", MEANS_GUID, false },
	{ "Hostname", MEANS_HOST, false }, { "Computer", MEANS_HOST, false },
	{ "UserID", MEANS_USER, false },
	{ "Version", MEANS_VERSION, false }, { "Level", MEANS_LEVEL, false }, { "Task", MEANS_TASK, false },
	{ "OpcodeValue", MEANS_OPCODE, false }, { "Keywords", MEANS_KEYWORD, false },
	{ "RecordNumber", MEANS_RECORD_ID, false }, { "EventRecordID", MEANS_RECORD_ID, false },
	{ "ExecutionProcessID", MEANS_PID, false }, { "ProcessID", MEANS_PID, true },
	{ "ExecutionThreadID", MEANS_TID, false }, { "ThreadID", MEANS_TID, true },
	{ "TimeCreated", MEANS_CREATED, false }, { "TimeGenerated", MEANS_CREATED, false },
	{ "EventTime", MEANS_EVENT_TIME, false },
	{ "EventReceivedTime", MEANS_RECEIVED, false },
	{ "@timestamp", MEANS_STAMP, false },
};

void flat_event_begin(struct flat_event *f, struct named_record *out)
{
	*f = (struct flat_event){ .out = out };
	named_record_begin(out);
}

static bool take_number(struct flat_event *f, enum meaning m, struct text_view value)
{
	struct record *r = &f->out->rec;
	uint64_t max = m == MEANS_KEYWORD || m == MEANS_RECORD_ID ? UINT64_MAX : m == MEANS_PID || m == MEANS_TID ? UINT32_MAX :
		m == MEANS_ID || m == MEANS_TASK ? UINT16_MAX : UINT8_MAX;
	uint64_t n;

	if (!log_text_number_max(value, max, &n))
		return false;
	switch (m) {
	case MEANS_ID: r->id = (uint16_t)n; f->has_id = true; break;
	case MEANS_VERSION: r->version = (uint8_t)n; break;
	case MEANS_LEVEL: r->level = (uint8_t)n; break;
	case MEANS_TASK: r->task = (uint16_t)n; break;
	case MEANS_OPCODE: r->opcode = (uint8_t)n; break;
	case MEANS_KEYWORD: r->keyword = n; break;
	case MEANS_RECORD_ID: r->record_id = n; break;
	case MEANS_PID: r->pid = (uint32_t)n; break;
	default: r->tid = (uint32_t)n; break;
	}
	return true;
}

/* False: the value is not what the name promises, and stays a value of the event. */
static bool take_known(struct flat_event *f, enum meaning m, struct text_view value)
{
	struct record *r = &f->out->rec;

	switch (m) {
	case MEANS_PROVIDER: named_record_name(f->out, &r->provider_name, value); return true;
	case MEANS_CHANNEL: named_record_name(f->out, &r->channel, value); return true;
	case MEANS_HOST: named_record_name(f->out, &r->host, value); return true;
	case MEANS_GUID: return guid_parse(value.ptr, value.len, &r->provider);
	case MEANS_USER: named_record_user(f->out, value); return r->sid.len > 0;
	case MEANS_CREATED: return log_text_iso_time(value, &f->created);
	case MEANS_EVENT_TIME: return log_text_iso_time(value, &f->event);
	case MEANS_RECEIVED: return log_text_iso_time(value, &f->received);
	case MEANS_STAMP: return log_text_iso_time(value, &f->stamp);
	default: return take_number(f, m, value);
	}
}

void flat_event_add(struct flat_event *f, struct text_view name, struct text_view value, bool is_number)
{
	for (size_t i = 0; i < sizeof known_names / sizeof known_names[0]; i++) {
		const struct known_name *k = &known_names[i];

		if (text_is(name, k->name) && (is_number || !k->number_only) && take_known(f, k->meaning, value))
			return;
	}
	if (text_is(name, "UtcTime"))
		log_text_iso_time(value, &f->utc);
	named_record_add(f->out, name, value);
}

/* NXLog's EventTime is the logging machine's local time. Where the record was also stamped in UTC on arrival, the
 * difference, to the nearest quarter of an hour, is the zone; else it is taken for UTC. */
static uint64_t event_time(const struct flat_event *f)
{
	const int64_t quarter = INT64_C(15) * 60 * 10000000;
	int64_t ahead;

	if (!f->stamp.time_100ns || !f->received.time_100ns || f->event.has_zone)
		return f->event.time_100ns;
	ahead = (int64_t)f->stamp.time_100ns - (int64_t)f->received.time_100ns;
	ahead = (ahead + (ahead < 0 ? -quarter : quarter) / 2) / quarter * quarter;
	return (uint64_t)((int64_t)f->event.time_100ns + ahead);
}

static struct text_view value_of(const struct flat_event *f, const char *name)
{
	const struct named_record *n = f->out;

	for (size_t i = 0; i < n->value_count; i++) {
		if (text_is(n->values[i].name, name))
			return n->values[i].value;
	}
	return (struct text_view){ .ptr = "", .len = 0 };
}

static bool skip(struct text_view *t, struct text_view start)
{
	if (t->len < start.len || memcmp(t->ptr, start.ptr, start.len) != 0)
		return false;
	*t = (struct text_view){ t->ptr + start.len, t->len - start.len };
	return true;
}

/* The lines of Sysmon's message are its values in their order: the pid follows its process's GUID. Other lines may hold
 * anything, so only the GUID that is the record's own is a sign. */
static struct text_view pid_in_message(struct text_view message, struct text_view guid)
{
	struct text_view pid = { .ptr = "", .len = 0 };

	for (; message.len; message.ptr++, message.len--) {
		struct text_view at = message;

		if (!skip(&at, text_of("\nProcessGuid: ")) || !skip(&at, guid))
			continue;
		skip(&at, text_of("\r"));
		if (!skip(&at, text_of("\nProcessId: ")))
			continue;
		pid.ptr = at.ptr;
		while (pid.len < at.len && at.ptr[pid.len] >= '0' && at.ptr[pid.len] <= '9')
			pid.len++;
		return pid;
	}
	return pid;
}

/* NXLog knows names without their letter case: its ProcessID, of the logging process, takes the place of Sysmon's
 * ProcessId. Sysmon's own rendering still has it. */
static void find_lost_pid(struct flat_event *f)
{
	struct text_view guid = value_of(f, "ProcessGuid"), pid;

	if (!guid.len || value_of(f, "ProcessId").len)
		return;
	pid = pid_in_message(value_of(f, "Message"), guid);
	if (pid.len)
		named_record_add(f->out, text_of("ProcessId"), pid);
}

/* Sure and exact times first: one with a zone; what Sysmon says itself; the log's local second; local time as it is. */
bool flat_event_finish(struct flat_event *f)
{
	uint64_t *time = &f->out->rec.time_100ns;

	find_lost_pid(f);
	if (f->created.has_zone)
		*time = f->created.time_100ns;
	else if (f->utc.time_100ns)
		*time = f->utc.time_100ns;
	else if (f->event.time_100ns)
		*time = event_time(f);
	else
		*time = f->created.time_100ns ? f->created.time_100ns : f->stamp.time_100ns;
	return f->has_id;
}
