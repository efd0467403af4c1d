#include <string.h>

#include "policyd/pods/pod.h"

enum {
	CRON_MIN_DIGITS = 8,                   /* minutes since 1970: 8 digits from 1989 to 2160 */
	CRON_SECONDS_DIGITS = 10,
	CRON_EARLY_S = 300,                    /* clocks of two machines */
	CRON_LATE_S = 7 * 86400,               /* a job may be started late, and its pods again after a failure */
};

size_t pod_owner_deployment(const char *replica_set, const char *template_hash)
{
	size_t whole = strlen(replica_set), hash = strlen(template_hash);

	if (!hash || whole < hash + 2 || replica_set[whole - hash - 1] != '-' ||
		strcmp(replica_set + whole - hash, template_hash) != 0)
		return 0;
	return whole - hash - 1;
}

size_t pod_owner_cron_job(const char *job, int64_t created_ns)
{
	const char *dash = strrchr(job, '-');
	size_t digits = dash ? strspn(dash + 1, "0123456789") : 0;
	int64_t time_s = 0, created_s = created_ns / 1000000000;

	if (!dash || dash == job || dash[1 + digits] || digits < CRON_MIN_DIGITS || digits > CRON_SECONDS_DIGITS)
		return 0;
	for (size_t i = 1; i <= digits; i++)
		time_s = time_s * 10 + (dash[i] - '0');
	if (digits < CRON_SECONDS_DIGITS)
		time_s *= 60;
	if (created_s < time_s - CRON_EARLY_S || created_s > time_s + CRON_LATE_S)
		return 0;
	return (size_t)(dash - job);
}
