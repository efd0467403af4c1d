/* field_evt: evt.*, etw.*: the event itself. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_EVT_H
#define VITRINE_FIELDS_FIELD_EVT_H

#include "policyd/fields/getter.h"

enum evt_time_part { TIME_OF_DAY, TIME_OF_DAY_S, TIME_ISO8601, TIME_DATETIME, TIME_DATETIME_S };
enum evt_span_part { SPAN_WHOLE, SPAN_SECONDS, SPAN_REST };
enum evt_span { SPAN_RAW = 0, SPAN_REL = 4, SPAN_DELTA = 8 };
enum evt_io { IO_ANY, IO_READ, IO_WRITE, IO_DIRECTION };
enum evt_open { OPEN_FOR_READ, OPEN_FOR_WRITE, OPEN_FOR_EXEC, OPEN_CREATES };
enum evt_number { EVT_NUM, EVT_CPU, EVT_COUNT, EVT_COUNT_ERROR, EVT_GAP, EVT_ID, EVT_RECORD_ID, EVT_PARTIAL, EVT_FAILED,
	EVT_IS_ASYNC, EVT_VERSION, EVT_OPCODE, EVT_LEVEL, EVT_TASK };

field_getter get_evt_time, get_evt_span, get_evt_type, get_evt_category, get_evt_args, get_evt_arg, get_evt_result,
	get_evt_raw_result, get_evt_io, get_evt_open, get_evt_number, get_evt_host, get_evt_source, get_evt_channel,
	get_evt_name, get_evt_dir, get_evt_buffer, get_etw_provider, get_etw_keyword, get_etw_doubt, get_evt_async_name;

/* clang-format off */
#define FIELD_EVT_TABLE(X) \
	X("evt.num", VT_UINT64, NONE, FIELD_FROM_ONE, get_evt_number, EVT_NUM, "Number of the event, counted from 1 over the events that rules see.") \
	X("evt.time", VT_STRING, NONE, FIELD_EVENT_TIME, get_evt_time, TIME_OF_DAY, "Local time of day with nanoseconds; UTC in replay.") \
	X("evt.time.s", VT_STRING, NONE, FIELD_EVENT_TIME, get_evt_time, TIME_OF_DAY_S, "Local time of day in seconds; UTC in replay.") \
	X("evt.time.iso8601", VT_STRING, NONE, FIELD_EVENT_TIME, get_evt_time, TIME_ISO8601, "Date and time in UTC, ISO 8601 with nanoseconds.") \
	X("evt.datetime", VT_STRING, NONE, FIELD_EVENT_TIME, get_evt_time, TIME_DATETIME, "Local date and time with nanoseconds; UTC in replay.") \
	X("evt.datetime.s", VT_STRING, NONE, FIELD_EVENT_TIME, get_evt_time, TIME_DATETIME_S, "Local date and time in seconds; UTC in replay.") \
	X("evt.rawtime", VT_ABSTIME, NONE, 0, get_evt_span, SPAN_RAW + SPAN_WHOLE, "Nanoseconds since 1970.") \
	X("evt.rawtime.s", VT_ABSTIME, NONE, 0, get_evt_span, SPAN_RAW + SPAN_SECONDS, "Whole seconds since 1970.") \
	X("evt.rawtime.ns", VT_ABSTIME, NONE, 0, get_evt_span, SPAN_RAW + SPAN_REST, "Nanoseconds within the second.") \
	X("evt.reltime", VT_RELTIME, NONE, 0, get_evt_span, SPAN_REL + SPAN_WHOLE, "Nanoseconds since the first event of the stream.") \
	X("evt.reltime.s", VT_RELTIME, NONE, 0, get_evt_span, SPAN_REL + SPAN_SECONDS, "Whole seconds since the first event.") \
	X("evt.reltime.ns", VT_RELTIME, NONE, 0, get_evt_span, SPAN_REL + SPAN_REST, "Nanoseconds of evt.reltime within its second.") \
	X("evt.deltatime", VT_RELTIME, NONE, 0, get_evt_span, SPAN_DELTA + SPAN_WHOLE, "Nanoseconds since the event before; 0 when this one is earlier.") \
	X("evt.deltatime.s", VT_RELTIME, NONE, 0, get_evt_span, SPAN_DELTA + SPAN_SECONDS, "Whole seconds since the event before.") \
	X("evt.deltatime.ns", VT_RELTIME, NONE, 0, get_evt_span, SPAN_DELTA + SPAN_REST, "Nanoseconds of evt.deltatime within its second.") \
	X("evt.type", VT_STRING, NONE, FIELD_EVENT_TYPE, get_evt_type, 0, "Type of the event, as `policyd list events` shows them.") \
	X("evt.category", VT_STRING, NONE, 0, get_evt_category, 0, "Family of the type: process, thread, module, file, registry, net, script, wmi, task, service, user, pipe, container, system, log.") \
	X("evt.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_evt_name, 0, "Name of the event in its provider's manifest or log.") \
	X("evt.dir", VT_STRING, NONE, FIELD_DEPRECATED, get_evt_dir, 0, "Always <.") \
	X("evt.cpu", VT_INT16, NONE, 0, get_evt_number, EVT_CPU, "Processor the event was written on.") \
	X("evt.args", VT_STRING, NONE, 0, get_evt_args, 0, "All values of the record as name=value, in the order of its layout; of both records where two sources told one fact.") \
	X("evt.info", VT_STRING, NONE, 0, get_evt_args, 0, "The same as evt.args.") \
	X("evt.arg", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG, get_evt_arg, 0, "One value of the record by its name.") \
	X("evt.rawarg", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING | FIELD_DOTTED_ARG | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_evt_arg, 0, "One value of the record by its name, as text.") \
	X("evt.data", VT_STRING, KEY_REQUIRED, FIELD_MAY_BE_MISSING, get_evt_arg, 0, "One value of a log record by its name, whatever the event's type.") \
	X("evt.res", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_evt_result, 0, "Result of the operation: SUCCESS, the name of a common NTSTATUS, or its number in hexadecimal.") \
	X("evt.rawres", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_evt_raw_result, 0, "Result as a number: NTSTATUS (negative: error) or Win32 code.") \
	X("evt.failed", VT_BOOL, NONE, 0, get_evt_number, EVT_FAILED, "Whether the result is an error; false where the record has none.") \
	X("evt.is_io", VT_BOOL, NONE, 0, get_evt_io, IO_ANY, "Data was read, written, sent or received.") \
	X("evt.is_io_read", VT_BOOL, NONE, 0, get_evt_io, IO_READ, "Data was received.") \
	X("evt.is_io_write", VT_BOOL, NONE, 0, get_evt_io, IO_WRITE, "Data was written or sent.") \
	X("evt.io_dir", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_evt_io, IO_DIRECTION, "r or w for such events.") \
	X("evt.is_open_read", VT_BOOL, NONE, 0, get_evt_open, OPEN_FOR_READ, "A file was opened for reading: by its access mask, else any open that makes or replaces nothing.") \
	X("evt.is_open_write", VT_BOOL, NONE, 0, get_evt_open, OPEN_FOR_WRITE, "A file was opened for writing: by its access mask, else an open that makes or replaces content.") \
	X("evt.is_open_exec", VT_BOOL, NONE, 0, get_evt_open, OPEN_FOR_EXEC, "A file was opened for execution, by its access mask.") \
	X("evt.is_open_create", VT_BOOL, NONE, 0, get_evt_open, OPEN_CREATES, "The open made a file, or asked to replace one.") \
	X("evt.buffer", VT_BYTES, NONE, FIELD_MAY_BE_MISSING, get_evt_buffer, 0, "Data the record captured (registry values, scanned content).") \
	X("evt.buflen", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_IO_SIZE, "Bytes asked for by a read or write.") \
	X("evt.hostname", VT_STRING, NONE, 0, get_evt_host, 0, "Machine the event is from.") \
	X("evt.source", VT_STRING, NONE, FIELD_SOURCE_NAME, get_evt_source, 0, "Source of the event: windows.") \
	X("evt.pluginname", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "No plugins: always missing.") \
	X("evt.plugininfo", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_nothing, 0, "No plugins: always missing.") \
	X("evt.is_async", VT_BOOL, NONE, 0, get_evt_number, EVT_IS_ASYNC, "The event was made by policyd itself (events_lost), not recorded.") \
	X("evt.asynctype", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_evt_async_name, 0, "Type of such an event.") \
	X("evt.count", VT_UINT32, NONE, 0, get_evt_number, EVT_COUNT, "Always 1, for summing.") \
	X("evt.count.error", VT_UINT32, NONE, 0, get_evt_number, EVT_COUNT_ERROR, "1 if evt.failed.") \
	X("evt.gap", VT_UINT64, NONE, 0, get_evt_number, EVT_GAP, "Records lost since the last alert that said so.") \
	X("evt.partial", VT_BOOL, NONE, 0, get_evt_number, EVT_PARTIAL, "A start or exit whose second source did not come in time.") \
	X("evt.id", VT_UINT32, NONE, 0, get_evt_number, EVT_ID, "Event id; opcode of a classic kernel event.") \
	X("evt.channel", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_evt_channel, 0, "Event log the record is from, or is about (log_cleared).") \
	X("evt.record_id", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_evt_number, EVT_RECORD_ID, "Number of the record in its log.") \
	X("evt.callstack", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_CALL_TRACE, "Call stack as module+offset, joined by |.") \
	X("evt.subtype", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_EVENT_SUBTYPE, "The record's own sub-type (Sysmon EventType).") \
	X("etw.provider", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_etw_provider, 0, "Provider of the record; its GUID where it has no name.") \
	X("etw.id", VT_UINT32, NONE, 0, get_evt_number, EVT_ID, "The same as evt.id.") \
	X("etw.version", VT_UINT8, NONE, 0, get_evt_number, EVT_VERSION, "Version of the event's layout.") \
	X("etw.opcode", VT_UINT8, NONE, 0, get_evt_number, EVT_OPCODE, "Opcode.") \
	X("etw.level", VT_UINT8, NONE, 0, get_evt_number, EVT_LEVEL, "Level: 1 critical to 5 verbose.") \
	X("etw.task", VT_UINT32, NONE, 0, get_evt_number, EVT_TASK, "Task.") \
	X("etw.keyword", VT_STRING, NONE, 0, get_etw_keyword, 0, "Keyword mask in hexadecimal.") \
	X("etw.session", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_slot_text, SLOT_SESSION_NAME, "ETW session acted on (etw_tamper).") \
	X("etw.doubt", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_etw_doubt, 0, "Why the record is not believed, where the kernel's own stamp or what it told before contradicts it: started itself, pid in use (process_start); ended by another (etw_tamper).") \
	X("etw.target_provider", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PROVIDER_GUID, "ETW provider acted on (etw_tamper).")
/* clang-format on */

#endif
