#include "policyd/fields/fields.h"

#include "policyd/fields/field_container.h"
#include "policyd/fields/field_evt.h"
#include "policyd/fields/field_file.h"
#include "policyd/fields/field_k8s.h"
#include "policyd/fields/field_map.h"
#include "policyd/fields/field_misc.h"
#include "policyd/fields/field_net.h"
#include "policyd/fields/field_proc.h"
#include "policyd/fields/field_reg.h"
#include "policyd/fields/field_user.h"

#define ROW(name_, type_, arg_, flags_, get_, user_, doc_)                                                             \
	{ .name = name_, .doc = doc_, .type = type_, .arg = FIELD_ARG_##arg_, .flags = flags_, .get = get_field, .user = user_ },
#define EITHER(name_, type_, flags_, one_, other_, doc_)                                                               \
	{ .name = name_, .doc = doc_, .type = type_, .flags = flags_, .get = get_field, .either = { one_, other_ } },

/* clang-format off */
#define ALL_FIELDS(X, Y)                                                                                               \
	FIELD_EVT_TABLE(X) FIELD_PROC_TABLE(X) FIELD_USER_TABLE(X) FIELD_FILE_TABLE(X) FIELD_NET_TABLE(X)              \
	FIELD_NET_EITHER_TABLE(Y) FIELD_REG_TABLE(X) FIELD_MISC_TABLE(X) FIELD_CONTAINER_TABLE(X)         \
	FIELD_INCOMPLETE_TABLE(X) FIELD_K8S_TABLE(X)

static field_getter get_field;
static const struct field rows[] = { ALL_FIELDS(ROW, EITHER) };

#define GETTER(name_, type_, arg_, flags_, get_, user_, doc_) get_,
#define NO_GETTER(name_, type_, flags_, one_, other_, doc_) get_nothing,
static field_getter *const getters[] = { ALL_FIELDS(GETTER, NO_GETTER) };

/* Events given by fields come first; every other event has the field's own getter. */
static enum field_result get_field(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	field_getter *get = getters[f - rows];

	return getter_event(view)->given ? get_mapped(f, arg, view, out, get) : get(f, arg, view, out);
}

static const char *const event_types[] = {
#define X(name, category) #name,
	EVENT_KIND_TABLE(X)
#undef X
};
/* clang-format on */

const struct vocabulary *fields_vocabulary(void)
{
	static const struct vocabulary windows = {
		.source = "windows",
		.windows = true,
		.fields = rows,
		.field_count = sizeof rows / sizeof rows[0],
		.event_types = event_types,
		.event_type_count = sizeof event_types / sizeof event_types[0],
	};

	return &windows;
}
