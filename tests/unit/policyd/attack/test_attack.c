#include "policyd/attack/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void table__is_sorted_and_every_other_id_leads_to_one_of_this_release(void **state)
{
	(void)state;
	assert_true(attack_technique_count() > 800);
	for (size_t i = 0; i < attack_technique_count(); i++) {
		const struct attack_technique *t = attack_technique(i), *now = attack_technique_find(t->id);

		assert_true(i == 0 || strcmp(attack_technique(i - 1)->id, t->id) < 0);
		assert_non_null(now);
		assert_null(now->other);
		assert_true(now->tactics != 0);
		assert_true(t->other ? strcmp(now->id, t->other) == 0 : now == t);
		assert_true(strlen(t->id) <= ATTACK_ID_CHARS);
	}
}

static void table__every_sub_technique_has_its_parent(void **state)
{
	(void)state;
	for (size_t i = 0; i < attack_technique_count(); i++) {
		const struct attack_technique *t = attack_technique(i);
		bool is_sub = strchr(t->id, '.') != NULL;

		assert_true(t->other || is_sub == (attack_technique_parent(t) != NULL));
	}
}

static void find__knows_names_and_tactics(void **state)
{
	const struct attack_technique *t = attack_technique_find("T1059.001");
	size_t execution = 99;

	(void)state;
	assert_true(attack_tactic_find("TA0002", &execution));
	assert_non_null(t);
	assert_string_equal(t->name, "PowerShell");
	assert_int_equal(t->tactics, 1 << execution);
	assert_int_equal(t->platforms, ATTACK_WINDOWS);
	assert_string_equal(attack_technique_parent(t)->name, "Command and Scripting Interpreter");
	assert_null(attack_technique_find("T0000"));
	assert_null(attack_technique_find(""));
}

static void find__takes_ids_of_other_releases_for_what_they_are_called_now(void **state)
{
	(void)state;
	assert_string_equal(attack_technique_find("T1086")->id, "T1059.001");
	assert_string_equal(attack_technique_find("T1574.002")->id, "T1574.001");
	assert_string_equal(attack_technique_find("T1685")->id, "T1562.001");
}

static void tags__of_falco_and_sigma_mean_the_same(void **state)
{
	static const char *const tactics[] = { "MITRE_TA0008_lateral_movement", "mitre_lateral_movement", "mitre_TA0008", "TA0008",
		"attack.lateral-movement", "attack.lateral_movement" };
	static const char *const techniques[] = { "T1021.002", "t1021.002", "attack.t1021.002", "T1077" };

	(void)state;
	for (size_t i = 0; i < sizeof tactics / sizeof tactics[0]; i++) {
		struct attack_meaning m = attack_tag_meaning(tactics[i]);

		assert_int_equal(m.kind, ATTACK_TAG_TACTIC);
		assert_string_equal(attack_tactic(m.tactic)->name, "Lateral Movement");
	}
	for (size_t i = 0; i < sizeof techniques / sizeof techniques[0]; i++) {
		struct attack_meaning m = attack_tag_meaning(techniques[i]);

		assert_int_equal(m.kind, ATTACK_TAG_TECHNIQUE);
		assert_string_equal(m.technique->name, "SMB/Windows Admin Shares");
	}
}

static void tags__names_of_release_19_count_as_defense_evasion(void **state)
{
	static const char *const tags[] = { "attack.stealth", "attack.defense-impairment", "MITRE_TA0112_defense_impairment" };

	(void)state;
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		struct attack_meaning m = attack_tag_meaning(tags[i]);

		assert_int_equal(m.kind, ATTACK_TAG_TACTIC);
		assert_string_equal(attack_tactic(m.tactic)->slug, "defense-evasion");
	}
}

static void tags__about_something_else_mean_nothing_and_misspelt_ones_are_told(void **state)
{
	static const char *const others[] = { "", "T", "TA", "TA00", "maturity_stable", "Windows", "process", "T10590", "T1059.1",
		"PCI_DSS_10.2.5", "attack.g0016", "attack.s0002", "NIST_800-53_AU-12", "mitre_" };
	static const char *const unknown[] = { "T9999", "T1059.999", "attack.t9999", "MITRE_TA9999_nonsense", "mitre_executoin" };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_int_equal(attack_tag_meaning(others[i]).kind, ATTACK_TAG_NONE);
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
		assert_int_equal(attack_tag_meaning(unknown[i]).kind, ATTACK_TAG_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table__is_sorted_and_every_other_id_leads_to_one_of_this_release),
		cmocka_unit_test(table__every_sub_technique_has_its_parent),
		cmocka_unit_test(find__knows_names_and_tactics),
		cmocka_unit_test(find__takes_ids_of_other_releases_for_what_they_are_called_now),
		cmocka_unit_test(tags__of_falco_and_sigma_mean_the_same),
		cmocka_unit_test(tags__names_of_release_19_count_as_defense_evasion),
		cmocka_unit_test(tags__about_something_else_mean_nothing_and_misspelt_ones_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
