"""What every lint needs: the files of the tree, C text without comments and strings, and its functions."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def tree_files(root=ROOT):
    """Paths from the root of every file that is, or would be, committed."""
    try:
        out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True,
                             capture_output=True, text=True).stdout
        names = out.split("\n")
    except (OSError, subprocess.CalledProcessError):      # a source archive without .git
        names = []
        for folder, below, files in os.walk(root):
            below[:] = [d for d in below if d not in (".git", "build", "out")]
            names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(n for n in set(names) if n and os.path.isfile(os.path.join(root, n)))


def read_text(path, root=ROOT):
    """Text of a file, or None for a binary one."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    if b"\0" in data:
        return None
    return data.decode("utf-8", "replace")


TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def code_only(text):
    """C text with comments blanked and strings emptied; line numbers stay."""
    def blank(match):
        token = match.group(0)
        lines = "\n" * token.count("\n")
        return token[0] + token[0] if token[0] in "\"'" else " " + lines
    return TOKEN.sub(blank, text)


def without_directives(code):
    """Code with preprocessor lines (and what continues them) blanked."""
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda m: "\n" * m.group(0).count("\n"), code, flags=re.M)


LEXEME = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|\S|\n")


def lexemes(code):
    """[(text, line)] of code without directives."""
    line, found = 1, []
    for match in LEXEME.finditer(code):
        if match.group(0) == "\n":
            line += 1
        else:
            found.append((match.group(0), line))
    return found


class Function:
    """A function's definition: name, first and last line, parameter count, tokens of its body with the braces."""

    def __init__(self, name, first, last, parameters, body):
        self.name, self.first, self.last, self.parameters, self.body = name, first, last, parameters, body


PAIRS = {"(": ")", "{": "}", "[": "]"}


def closing(tokens, start):
    """Index of the token that closes the bracket at start; the last one when the text ends early."""
    depth, opening, close = 0, tokens[start][0], PAIRS[tokens[start][0]]
    for i in range(start, len(tokens)):
        if tokens[i][0] == opening:
            depth += 1
        elif tokens[i][0] == close:
            depth -= 1
            if depth == 0:
                return i
    return len(tokens) - 1


def count_parameters(tokens):
    """Parameters between (but without) the parentheses."""
    if [t for t, _ in tokens] in ([], ["void"]):
        return 0
    depth = count = 0
    for text, _ in tokens:
        depth += (text in "([{") - (text in ")]}")
        count += text == "," and depth == 0
    return count + 1


def functions(text):
    """The Function definitions of one C text."""
    tokens = lexemes(without_directives(code_only(text)))
    found, i = [], 0
    while i < len(tokens):
        if tokens[i][0] == "(" and i and re.match(r"[A-Za-z_]", tokens[i - 1][0]):
            end = closing(tokens, i)
            if end + 1 < len(tokens) and tokens[end + 1][0] == "{":
                last = closing(tokens, end + 1)
                found.append(Function(tokens[i - 1][0], tokens[i - 1][1], tokens[last][1],
                                      count_parameters(tokens[i + 1:end]), tokens[end + 1:last + 1]))
                end = last
            i = end + 1
        elif tokens[i][0] == "{":
            i = closing(tokens, i) + 1
        else:
            i += 1
    return found


def finish(name, findings, looked_at):
    """Prints the findings and the closing line; returns the exit status. Looking at nothing is a failure."""
    for finding in findings:
        print(finding)
    if not looked_at:
        print("%s: nothing to look at" % name)
    print("%s: %d looked at, %d found" % (name, looked_at, len(findings)))
    return 1 if findings or not looked_at else 0
