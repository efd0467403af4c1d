/* What the collector itself tells of its ETW sessions (collector/session/session_set.h): it asks ETW once a second, so that
 * this holds when the sessions tell nothing any more. */
#include "policyd/decode/named_rows.h"

#define COLLECTOR "Vitrine-Collector"

/* clang-format off */
static const struct named_row session[] = {
	ROW(SessionName, SESSION_NAME), ROW(ProviderGuid, PROVIDER_GUID), ROW(ErrorCode, STATUS),
};
static const struct named_layout collector[] = {
	NAMED(COLLECTOR, 1, log, 0, "SessionStarted", session),
	NAMED(COLLECTOR, 2, log, 0, "SessionFailed", session),
	NAMED(COLLECTOR, 3, etw_tamper, 0, "SessionStopped", session),
	NAMED(COLLECTOR, 4, etw_tamper, 0, "SessionChanged", session),
	NAMED(COLLECTOR, 5, etw_tamper, 0, "ProviderDisabled", session),
	NAMED(COLLECTOR, 6, etw_tamper, 0, "ProviderChanged", session),
	NAMED(COLLECTOR, 7, log, 0, "ProviderFailed", session),
	NAMED(COLLECTOR, 8, etw_tamper, 0, "CanaryMissing", session),
};
/* clang-format on */

const struct named_provider named_collector = NAMED_TABLE(collector);
