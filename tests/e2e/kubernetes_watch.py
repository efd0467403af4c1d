#!/usr/bin/env python3
"""policyd and all that an API server does to those who list and watch, over real TLS.

usage: kubernetes_watch.py BIN_FOLDER SOURCE_FOLDER [TEST...]
"""
import sys

import kube_world
from kube_world import NODE, KubernetesTest, fake_kube

on = fake_kube.on


class ListTest(KubernetesTest):
    def test_only_the_nodes_own_pods_are_asked_for(self):
        kube = self.fake()
        self.fill(kube, 2)
        self.fill(kube, 5, node="other", start=10)
        d = self.start(kube)
        self.wait_pods(d, 2)
        self.wait(d, lambda s: s["namespace_requests"] == 1, "a request for the namespace")
        for request in kube.asked("list") + kube.asked("watch"):
            self.assertEqual(request["query"]["fieldSelector"], "spec.nodeName=" + NODE)
        self.assertEqual(kube.asked("other"), [])

    def test_list_comes_in_pages(self):
        kube = self.fake()
        self.fill(kube, 53)
        d = self.start(kube, config="  page_size: 10\n")
        self.assertEqual(self.wait_pods(d, 53)["pages"], 6)
        self.assertEqual(len(kube.asked("page")), 5)

    def test_server_that_gives_all_at_once_is_fine(self):
        kube = self.fake(pages_at_zero=False)
        self.fill(kube, 53)
        d = self.start(kube, config="  page_size: 10\n")
        self.assertEqual(self.wait_pods(d, 53)["pages"], 1)

    def test_page_that_expired_means_one_whole_list(self):
        kube = self.fake()
        self.fill(kube, 25)
        kube.fault(on("page"), fake_kube.answer(410))
        d = self.start(kube, config="  page_size: 10\n")
        self.assertEqual(self.wait_pods(d, 25)["expired"], 1)
        self.assertNotIn("limit", kube.asked("list")[-1]["query"])

    def test_pages_forgotten_in_between_too(self):
        kube = self.fake()
        self.fill(kube, 25)

        def act(request):
            kube.compact()
            request.serve()
        kube.fault(on("page"), act)
        d = self.start(kube, config="  page_size: 10\n")
        self.assertEqual(self.wait_pods(d, 25)["expired"], 1)

    def test_list_of_ten_megabytes(self):
        kube = self.fake()
        for i in range(500):
            kube.put_pod("p%05d" % i, NODE, container="%064x" % i, annotations={"example.com/note": "x" * 20000})
        d = self.start(kube)
        status = self.wait_pods(d, 500, bytes=10000000)
        self.assertEqual((status["lists"], status["refused"], status["pods_refused"]), (1, 0, 0))

    def test_list_that_breaks_off_is_asked_for_again(self):
        kube = self.fake()
        self.fill(kube, 40)
        kube.fault(on("list"), fake_kube.cut_after(9000), times=2)
        d = self.start(kube)
        self.assertEqual(self.wait_pods(d, 40, failures=2)["lists"], 1)

    def test_what_is_no_list_is_no_list(self):
        kube = self.fake()
        self.fill(kube, 4)
        kube.fault(on("list"), fake_kube.text(b"<html>proxy</html>"))
        kube.fault(on("list"), fake_kube.text(b'{"kind":"PodList","items":[{"metadata":'))
        d = self.start(kube)
        self.wait_pods(d, 4, failures=2)

    def test_object_that_is_no_pod_is_counted(self):
        kube = self.fake()
        self.fill(kube, 2)
        kube.put("pods", {"metadata": {"namespace": "shop", "name": "odd"}, "spec": {"nodeName": NODE}})
        d = self.start(kube)
        self.assertEqual(self.wait_pods(d, 2)["pods_refused"], 1)


class WatchTest(KubernetesTest):
    def test_changes_come_by_themselves(self):
        kube = self.fake()
        self.fill(kube, 2)
        d = self.start(kube)
        self.wait_pods(d, 2)
        self.fill(kube, 3, start=10)
        self.wait_pods(d, 5)
        kube.delete_pod("p00001")
        status = self.wait_pods(d, 4)
        self.assertEqual((status["pods_gone"], status["lists"], status["changes"]), (1, 1, 4))

    def test_version_forgotten_in_the_watch_means_a_new_list(self):
        kube = self.fake()
        self.fill(kube, 3)
        d = self.start(kube)
        self.wait_pods(d, 3)
        kube.fault(on("watch"), fake_kube.error_event(410))
        kube.cut()
        self.fill(kube, 1, start=20)
        status = self.wait(d, lambda s: s["lists"] == 2 and s["pods"] == 4 and s["pods_are"] == "current", "a second list")
        self.assertEqual(status["expired"], 1)
        self.assertNotEqual(kube.asked("list")[-1]["query"].get("resourceVersion"), "0")

    def test_version_forgotten_by_status_means_a_new_list(self):
        kube = self.fake()
        self.fill(kube, 3)
        d = self.start(kube)
        self.wait_pods(d, 3)
        kube.fault(on("watch"), fake_kube.answer(410))
        kube.cut()
        self.wait(d, lambda s: s["lists"] == 2 and s["pods_are"] == "current", "a second list")

    def test_pods_deleted_while_nobody_watched_are_gone_after_the_list(self):
        kube = self.fake()
        self.fill(kube, 4)
        d = self.start(kube)
        self.wait_pods(d, 4)
        kube.fault(on("watch"), fake_kube.answer(503))
        kube.cut()
        kube.delete_pod("p00000")
        kube.delete_pod("p00001")
        kube.compact()
        self.assertEqual(self.wait_pods(d, 2, lists=2)["pods_gone"], 2)

    def test_bookmarks_keep_the_version_young(self):
        kube = self.fake(bookmarks=0.2)
        self.fill(kube, 1)
        d = self.start(kube)
        self.wait_pods(d, 1)
        for _ in range(50):
            kube.touch()
        at = kube.version
        self.wait(d, lambda s: s["bookmarks"] >= 2 and int(s["version"]) >= at, "bookmarks")
        kube.forgotten = at                # all that the watch was begun with is forgotten
        kube.cut()
        self.wait(d, lambda s: s["watches"] == 2, "a second watch")
        self.assertEqual((self.status(d)["lists"], self.status(d)["expired"]), (1, 0))

    def test_cut_connection_is_resumed_without_a_list(self):
        kube = self.fake()
        self.fill(kube, 2)
        d = self.start(kube)
        self.wait_pods(d, 2)
        for i in range(3):
            kube.cut()
            kube.put_pod("again%d" % i, NODE)
            self.wait_pods(d, 3 + i)
        self.assertEqual(self.status(d)["lists"], 1)

    def test_line_cut_in_the_middle_is_told_again(self):
        kube = self.fake()
        self.fill(kube, 1)
        d = self.start(kube)
        self.wait_pods(d, 1)
        kube.fault(on("watch"), fake_kube.cut_after(300))
        kube.cut()
        kube.put_pod("late", NODE)
        self.wait_pods(d, 2)
        self.assertEqual(self.status(d)["lists"], 1)

    def test_watch_that_ends_goes_on(self):
        kube = self.fake()
        self.fill(kube, 1)
        d = self.start(kube, config="  watch_timeout: 2s\n")
        self.wait(d, lambda s: s["watches"] >= 3, "three watches")
        self.assertEqual((self.status(d)["lists"], self.status(d)["failures"]), (1, 0))
        for request in kube.asked("watch"):
            self.assertIn(request["query"]["timeoutSeconds"], ("2", "3", "4"))

    def test_peer_that_is_silent_is_left(self):
        kube = self.fake()
        self.fill(kube, 1)
        kube.fault(on("watch"), fake_kube.silence)
        d = self.start(kube, config="  idle_timeout: 2s\n")
        status = self.wait(d, lambda s: s["watches"] == 2, "a second watch")
        self.assertEqual(status["lists"], 1)
        self.assertGreaterEqual(status["failures"], 1)

    def test_outage_makes_pods_stale_and_keeps_them(self):
        kube = self.fake()
        self.fill(kube, 3)
        d = self.start(kube)
        self.wait_pods(d, 3)
        kube.stop()
        self.assertEqual(self.wait(d, lambda s: s["pods_are"] == "stale", "stale pods")["pods"], 3)
        kube.start()
        self.wait_pods(d, 3)
        self.assertEqual(self.status(d)["lists"], 1)

    def test_nonsense_in_the_watch_does_not_make_it_spin(self):
        kube = self.fake()
        self.fill(kube, 1)
        kube.fault(on("watch"), fake_kube.text(b'{"type":"ADDED","object":{}}\n{"type":3}\n'), times=2)
        kube.fault(on("watch"), fake_kube.text(b"}}}"), times=2)
        d = self.start(kube)
        self.wait(d, lambda s: s["watches"] >= 5 and s["pods_are"] == "current", "a good watch", seconds=60)
        watches = kube.asked("watch")
        self.assertGreaterEqual(watches[-1]["time"] - watches[0]["time"], 0.7)


if __name__ == "__main__":
    kube_world.main(sys.modules[__name__])
