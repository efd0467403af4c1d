#include "policyd/ctl/ctl_view.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "policyd/ctl/ctl_json.h"

json_t *ctl_json_parse(struct view json)
{
	return json.len ? json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

int64_t ctl_json_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const char *ctl_json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void view_streams(const json_t *streams, struct buf *out)
{
	size_t i;
	json_t *s;

	json_array_foreach(streams, i, s)
		buf_printf(out, "  %-4" PRId64 " %-12s %s: %" PRId64 " records, %" PRId64 " evaluated, %" PRId64 " undecodable, %"
			PRId64 " lost\n", ctl_json_number(s, "id"),
			json_is_true(json_object_get(s, "connected")) ? "connected" : "closed", ctl_json_text(s, "name"),
			ctl_json_number(s, "records"), ctl_json_number(s, "evaluated"), ctl_json_number(s, "undecodable"),
			ctl_json_number(s, "lost"));
}

static void view_kubernetes(const json_t *k, struct buf *out)
{
	const char *error = ctl_json_text(k, "error");

	if (!k)
		return;
	buf_printf(out, "Kubernetes: %" PRId64 " pods, %" PRId64 " containers, %" PRId64 " namespaces of node %s%s%s, %s\n",
		ctl_json_number(k, "pods"), ctl_json_number(k, "containers"), ctl_json_number(k, "namespaces"), ctl_json_text(k, "node"),
		ctl_json_text(k, "cluster")[0] ? " in " : "", ctl_json_text(k, "cluster"), ctl_json_text(k, "pods_are"));
	if (ctl_json_text(k, "server")[0])
		buf_printf(out, "  %s: %s, last heard of %" PRId64 " s ago\n", ctl_json_text(k, "server"), ctl_json_text(k, "state"),
			ctl_json_number(k, "contact_ms") / 1000);
	if (error[0])
		buf_printf(out, "  ERROR: %s\n", error);
}

/* Only where a rule with throttle, threshold or sequence did something. */
static void view_correlation(const json_t *c, struct buf *out)
{
	int64_t did = ctl_json_number(c, "held_back") + ctl_json_number(c, "below_threshold") + ctl_json_number(c, "sequences_begun");

	if (did + ctl_json_number(c, "keys") == 0)
		return;
	buf_printf(out, "Correlation: %" PRId64 " keys held, %" PRId64 " evicted, %" PRId64 " refused; %" PRId64
		" alerts held back, %" PRId64 " matches below a threshold, %" PRId64 " of %" PRId64 " sequences completed\n",
		ctl_json_number(c, "keys"), ctl_json_number(c, "keys_evicted"), ctl_json_number(c, "keys_refused"),
		ctl_json_number(c, "held_back"), ctl_json_number(c, "below_threshold"), ctl_json_number(c, "sequences_done"),
		ctl_json_number(c, "sequences_begun"));
}

bool ctl_view_status(struct view json, struct buf *out)
{
	json_t *root = ctl_json_parse(json);
	const json_t *reload = json_object_get(root, "reload"), *overload = json_object_get(root, "overload");
	const char *key;
	json_t *value;

	if (!reload)
		return json_decref(root), false;
	buf_printf(out, "policyd %s, process %" PRId64 ", up %" PRId64 " s\n", ctl_json_text(root, "version"),
		ctl_json_number(root, "pid"), ctl_json_number(root, "uptime_s"));
	buf_printf(out, "Rules: %" PRId64 " run; loaded %s, last reload (%" PRId64 "): %s\n", ctl_json_number(reload, "rules"),
		ctl_json_text(reload, "time"), ctl_json_number(reload, "number"), ctl_json_text(reload, "result"));
	buf_printf(out, "Events: %" PRId64 "\nAlerts: %" PRId64 "\n", ctl_json_number(root, "events"), ctl_json_number(root, "alerts"));
	json_object_foreach(json_object_get(root, "alerts_by_priority"), key, value) {
		if (json_integer_value(value))
			buf_printf(out, "  %-14s %" PRId64 "\n", key, (int64_t)json_integer_value(value));
	}
	if (ctl_json_number(overload, "level"))
		buf_printf(out, "OVERLOAD: step %" PRId64 ", %" PRId64 " ms behind; not evaluated: %s\n",
			ctl_json_number(overload, "level"), ctl_json_number(overload, "lag_ms"), ctl_json_text(overload, "shed"));
	view_correlation(json_object_get(root, "correlation"), out);
	buf_printf(out, "Streams: %zu\n", json_array_size(json_object_get(root, "streams")));
	view_streams(json_object_get(root, "streams"), out);
	view_kubernetes(json_object_get(root, "kubernetes"), out);
	json_decref(root);
	return true;
}

bool ctl_view_rules(struct view json, struct buf *out)
{
	json_t *root = ctl_json_parse(json), *r;
	size_t i;

	if (!json_is_array(root))
		return json_decref(root), false;
	buf_printf(out, "%-8s %-13s %10s  %s\n", "RUNS", "PRIORITY", "MATCHES", "RULE");
	json_array_foreach(root, i, r)
		buf_printf(out, "%-8s %-13s %10" PRId64 "  %s\n", json_is_true(json_object_get(r, "runs")) ? "yes"
			: json_is_true(json_object_get(r, "enabled")) ? "no" : "disabled", ctl_json_text(r, "priority"),
			ctl_json_number(r, "matches"), ctl_json_text(r, "name"));
	json_decref(root);
	return true;
}

bool ctl_view_ledger(struct view json, struct buf *out)
{
	static const char *const figures[] = { "in", "received", "evaluated", "state_only", "joined", "shed", "undecodable", "lost" };
	json_t *root = ctl_json_parse(json), *s;
	size_t i;

	if (!json_is_array(json_object_get(root, "streams")))
		return json_decref(root), false;
	json_array_foreach(json_object_get(root, "streams"), i, s) {
		const json_t *l = json_object_get(s, "ledger");

		buf_printf(out, "%s:\n", ctl_json_text(s, "name"));
		for (size_t k = 0; k < sizeof figures / sizeof figures[0]; k++)
			buf_printf(out, "  %-12s %14" PRId64 "\n", figures[k], ctl_json_number(l, figures[k]));
		if (json_is_false(json_object_get(l, "balances")))
			buf_append_str(out, "  DOES NOT BALANCE\n");
	}
	json_decref(root);
	return true;
}

bool ctl_view_reload(struct view json, struct buf *out, bool *ok)
{
	json_t *root = ctl_json_parse(json);

	if (!json_is_object(root))
		return json_decref(root), false;
	*ok = json_is_true(json_object_get(root, "ok"));
	buf_append_str(out, ctl_json_text(root, "report"));
	if (*ok)
		buf_printf(out, "%s%" PRId64 " rules run: %" PRId64 " added, %" PRId64 " removed, %" PRId64 " changed; %" PRId64 " ms\n",
			ctl_json_text(root, "changes"), ctl_json_number(root, "rules"), ctl_json_number(root, "added"),
			ctl_json_number(root, "removed"), ctl_json_number(root, "changed"), ctl_json_number(root, "took_ms"));
	else
		buf_printf(out, "reload failed, the rules before stay: %s\n", ctl_json_text(root, "result"));
	if (ctl_json_text(root, "restart_needed")[0])
		buf_printf(out, "a restart is needed for: %s\n", ctl_json_text(root, "restart_needed"));
	json_decref(root);
	return true;
}

bool ctl_view_spool(struct view json, struct buf *out)
{
	json_t *root = ctl_json_parse(json), *o;
	const json_t *store = json_object_get(root, "store");
	size_t i;

	if (!store)
		return json_decref(root), false;
	buf_printf(out, "Store: %" PRId64 " alerts, %" PRId64 " bytes%s%s\n", ctl_json_number(store, "alerts"),
		ctl_json_number(store, "bytes"), ctl_json_text(store, "error")[0] ? "; " : "", ctl_json_text(store, "error"));
	buf_printf(out, "%-16s %-8s %-10s %10s %12s %10s  %s\n", "OUTPUT", "KIND", "HEALTH", "PENDING", "DELIVERED", "REJECTED",
		"LAST ERROR");
	json_array_foreach(json_object_get(root, "outputs"), i, o)
		buf_printf(out, "%-16s %-8s %-10s %10" PRId64 " %12" PRId64 " %10" PRId64 "  %s\n", ctl_json_text(o, "name"),
			ctl_json_text(o, "kind"), ctl_json_text(o, "health"), ctl_json_number(o, "pending"),
			ctl_json_number(o, "delivered"), ctl_json_number(o, "rejected"), ctl_json_text(o, "last_error"));
	json_decref(root);
	return true;
}
