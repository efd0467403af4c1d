/* dump_tables: every provider and layout of policyd/decode as JSON on standard output, for layouts_yaml.py. */
#include <stdio.h>

#include "policyd/decode/layout.h"

static const char *const type_names[LT_COUNT] = {
	[LT_U8] = "u8", [LT_U16] = "u16", [LT_U32] = "u32", [LT_U64] = "u64", [LT_I8] = "i8", [LT_I16] = "i16", [LT_I32] = "i32",
	[LT_I64] = "i64", [LT_HEX32] = "hex32", [LT_HEX64] = "hex64", [LT_FLOAT32] = "float", [LT_FLOAT64] = "double",
	[LT_PTR] = "ptr", [LT_FILETIME] = "filetime", [LT_SYSTEMTIME] = "systemtime", [LT_GUID] = "guid", [LT_SID] = "sid",
	[LT_MOFSID] = "mofsid", [LT_WSTRZ] = "wstrz", [LT_STRZ] = "strz", [LT_WSTR_COUNTED] = "wstr_counted",
	[LT_BYTES] = "bytes", [LT_BOOL8] = "bool8", [LT_BOOL32] = "bool32", [LT_IPV4] = "ipv4", [LT_IPV6] = "ipv6", [LT_PORT_BE] = "port_be",
	[LT_REST] = "rest",
};

static const char *const slot_names[SLOT_COUNT] = {
#define X(name, doc) [SLOT_##name] = #name,
	SLOT_TABLE(X)
#undef X
};

static void print_field(const struct layout_field *f)
{
	printf("{\"name\":\"%s\",\"type\":\"%s\",\"slot\":\"%s\",\"len_field\":%d,\"len\":%u,\"optional\":%s}", f->name,
		type_names[f->type], slot_names[f->slot], f->len_field == LAYOUT_NO_LEN_FIELD ? -1 : f->len_field, f->len,
		f->optional ? "true" : "false");
}

static void print_layout(const struct layout *l)
{
	printf("  {\"id\":%u,\"version\":%u,\"name\":\"%s\",\"kind\":\"%s\",\"flags\":%u,\"first\":%u,\"last\":%u,\"fields\":[",
		l->id, l->version, l->name, event_kind_name((enum event_kind)l->kind), l->flags, l->first_build, l->last_build);
	for (size_t i = 0; i < l->field_count; i++) {
		printf("%s", i ? "," : "");
		print_field(&l->fields[i]);
	}
	printf("]}");
}

int main(void)
{
	char guid[GUID_TEXT_BYTES];

	printf("[");
	for (size_t i = 0; i < provider_count; i++) {
		const struct provider *p = providers[i];

		guid_format(&p->guid, guid);
		printf("%s\n{\"name\":\"%s\",\"guid\":\"%s\",\"classic\":%s,\"layouts\":[\n", i ? "," : "", p->name, guid,
			p->classic ? "true" : "false");
		for (size_t k = 0; k < p->layout_count; k++) {
			printf("%s", k ? ",\n" : "");
			print_layout(&p->layouts[k]);
		}
		printf("]}");
	}
	printf("\n]\n");
	return 0;
}
