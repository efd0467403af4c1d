/* Event -> state change: one table from event kinds, and from the records that only state sees, to what they do. */
#include "policyd/state/host.h"

struct state_only_row {
	uint16_t id;             /* classic: opcode */
	apply_fn *apply;
};

struct state_only_provider {
	struct guid guid;
	const struct state_only_row *rows;
	size_t row_count;
};

/* clang-format off */
static apply_fn *const by_kind[EVENT_KIND_COUNT] = {
	[EVENT_process_start] = apply_process_start,
	[EVENT_process_exit] = apply_process_exit,
	[EVENT_thread_start] = apply_thread_start,
	[EVENT_image_load] = apply_image_load,
	[EVENT_driver_load] = apply_image_load,
	[EVENT_file_create] = apply_file_open,
	[EVENT_file_open] = apply_file_open,
	[EVENT_file_rename] = apply_file_rename,
	[EVENT_file_write] = apply_file_other,
	[EVENT_file_delete] = apply_file_other,
	[EVENT_file_setinfo] = apply_file_other,
	[EVENT_reg_create_key] = apply_registry_open,
	[EVENT_reg_open_key] = apply_registry_open,
	[EVENT_reg_set_value] = apply_registry_other,
	[EVENT_reg_delete_key] = apply_registry_other,
	[EVENT_reg_delete_value] = apply_registry_other,
	[EVENT_script_block] = apply_script_block,
	[EVENT_container_start] = apply_silo,
	[EVENT_container_stop] = apply_silo,
};

/* What no rule sees. Ids and opcodes: etw.md §1.3. */
static const struct state_only_row kernel_process[] = {
	{ 4, apply_thread_end }, { 15, apply_process_rundown },
	{ 22, apply_silo }, { 23, apply_silo }, { 24, apply_silo }, { 25, apply_silo }, { 26, apply_silo },
};
static const struct state_only_row kernel_file[] = {
	{ 10, apply_file_name }, { 11, apply_file_name }, { 14, apply_file_name },
};
static const struct state_only_row kernel_registry[] = { { 13, apply_registry_name } };
static const struct state_only_row classic_process[] = { { 3, apply_process_rundown }, { 4, apply_process_rundown } };
static const struct state_only_row classic_thread[] = {
	{ 2, apply_thread_end }, { 3, apply_thread_rundown }, { 4, apply_thread_rundown },
};
static const struct state_only_row classic_image[] = { { 3, apply_image_rundown }, { 4, apply_image_rundown } };
static const struct state_only_row classic_file[] = {
	{ 0, apply_file_name }, { 32, apply_file_name }, { 35, apply_file_name }, { 36, apply_file_name },
	{ 66, apply_file_name },
};
static const struct state_only_row classic_registry[] = {
	{ 22, apply_registry_name }, { 23, apply_registry_name }, { 24, apply_registry_name }, { 25, apply_registry_name },
};
static const struct state_only_row classic_job[] = { { 35, apply_job } };

#define ROWS(table) table, sizeof table / sizeof table[0]
static const struct state_only_provider state_only[] = {
	{ GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16), ROWS(kernel_process) },
	{ GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89), ROWS(kernel_file) },
	{ GUID_INIT(0x70eb4f03, 0xc1de, 0x4f73, 0xa0, 0x51, 0x33, 0xd1, 0x3d, 0x54, 0x13, 0xbd), ROWS(kernel_registry) },
	{ GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c), ROWS(classic_process) },
	{ GUID_INIT(0x3d6fa8d1, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c), ROWS(classic_thread) },
	{ GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18), ROWS(classic_image) },
	{ GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3), ROWS(classic_file) },
	{ GUID_INIT(0xae53722e, 0xc863, 0x11d2, 0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1), ROWS(classic_registry) },
	{ GUID_INIT(0x3282fc76, 0xfeed, 0x498e, 0x8a, 0xa7, 0xe7, 0x0f, 0x45, 0x9d, 0x43, 0x0e), ROWS(classic_job) },
};
/* clang-format on */

static apply_fn *find_state_only(const struct event *ev)
{
	for (size_t i = 0; ev->layout && i < sizeof state_only / sizeof state_only[0]; i++) {
		const struct state_only_provider *p = &state_only[i];

		if (!guid_equal(&p->guid, &ev->rec->provider))
			continue;
		for (size_t k = 0; k < p->row_count; k++) {
			if (p->rows[k].id == ev->layout->id)
				return p->rows[k].apply;
		}
		return NULL;
	}
	return NULL;
}

enum state_verdict state_apply_event(struct state *st, struct event *ev)
{
	struct host_state *h = state_host(st, ev->rec);
	enum state_verdict verdict;
	apply_fn *apply;

	arena_reset(st->scratch);
	join_recycle(st->join);
	ev->twin = NULL;
	if (ev->kind == EVENT_NONE) {
		apply = find_state_only(ev);
		return apply ? apply(st, h, ev) : STATE_ONLY;
	}
	apply = by_kind[ev->kind] ? by_kind[ev->kind] : apply_actor;
	verdict = apply(st, h, ev);
	proc_table_pin(h->procs, NULL);
	return verdict;
}
