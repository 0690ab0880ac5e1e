"""Reads an agent's draft against the rules, before it goes out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desk.assist.check_rules import CheckRules, Pattern
from desk.assist.filling import unfilled
from desk.assist.lines import Line, said_by
from desk.assist.masking import masked
from desk.assist.numbers import with_digits
from desk.assist.questions import open_questions
from desk.assist.sentences import Sentence, first_half, in_plain, is_chinese, sentences
from desk.assist.stripping import addresses
from reading import personal_data
from reading.mood import Mood, read_mood
from reading.script import is_traditional, to_traditional

Severity = Literal["stop", "advise"]
Span = tuple[int, int]
_MOOD_OVER = 3  # the customer's last messages: who was angry a moment ago is not calm yet


@dataclass(frozen=True)
class Finding:
    """`span`: what is meant, `sentence`: what `better` may replace; both index the draft. `why` is for the agent."""

    rule: str
    severity: Severity
    span: Span
    sentence: Span
    why: str
    better: str | None = None


@dataclass(frozen=True)
class Draft:
    """What is about to be said, and to whom. `lines` are what was said so far."""

    text: str
    lines: Sequence[Line] = ()
    verified: bool = False


def check(draft: Draft, rules: CheckRules, language: str = "zh-Hans") -> list[Finding]:
    """What is wrong with it, what must be mended first; `language` is the agent's."""
    traditional = is_traditional(draft.text)
    found = [
        *_unfilled(draft, rules, language),
        *_personal(draft, rules, language),
        *_patterns(draft, rules, language, traditional),
        *_soothe(draft, rules, language, traditional),
        *_too_long(draft, rules, language),
        *_questions(draft, rules, language),
    ]
    ours = [replace(one, why=to_traditional(one.why)) for one in found] if language == "zh-Hant" else found
    return sorted(ours, key=lambda one: (one.severity != "stop", one.span))


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep a message from going out."""
    return [one for one in findings if one.severity == "stop"]


def _unfilled(draft: Draft, rules: CheckRules, language: str) -> Iterator[Finding]:
    for span in unfilled(draft.text):
        yield Finding("unfilled", rules.unfilled.severity, span, span, rules.unfilled.why(language))


def _personal(draft: Draft, rules: CheckRules, language: str) -> Iterator[Finding]:
    rule = rules.personal
    own = "\n".join(line.text for line in draft.lines if line.speaker == "customer")
    own_digits = re.sub(r"\D", "", with_digits(own))
    for kind, span in _personal_spans(draft.text):
        written = draft.text[span[0] : span[1]]
        digits = re.sub(r"\D", "", written)
        if written in own or (len(digits) > 6 and digits in own_digits and kind == personal_data.MOBILE):
            continue
        sentence = _around(draft.text, span)
        if kind in ("address", personal_data.MOBILE, personal_data.EMAIL) and (
            draft.verified or rule.unless.search(in_plain(sentence.text))
        ):
            continue
        severity: Severity = "advise" if draft.verified else rule.severity
        better = masked(sentence.text) if kind != "address" else None
        yield Finding("personal_data", severity, span, sentence.span, rule.why(language, kind, draft.verified), better)


def _personal_spans(text: str) -> Iterator[tuple[str, Span]]:
    for found in personal_data.find(text):
        yield found.kind, (found.start, found.end)
    for span in addresses(text):
        yield "address", span


def _patterns(draft: Draft, rules: CheckRules, language: str, traditional: bool) -> Iterator[Finding]:
    for sentence in sentences(draft.text):
        plain = in_plain(sentence.text)
        tongue = "zh" if is_chinese(sentence.text) else "en"
        for rule in rules.patterns:
            if rule.applies(tongue, draft.verified) and not (rule.unless and rule.unless.search(plain)):
                finds = _joined([match.span() for match in rule.find.finditer(plain) if match[0]])
                better = _mended(sentence.text, finds, rule, traditional) if rule.better else None
                for start, end in finds:
                    span = (sentence.start + start, sentence.start + end)
                    yield Finding(rule.id, rule.severity, span, sentence.span, rule.why(language), better)


def _joined(finds: Sequence[Span]) -> list[Span]:
    """Finds that touch are one: what stands in their place is said once."""
    joined: list[Span] = []
    for start, end in finds:
        if joined and start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _mended(text: str, finds: Sequence[Span], rule: Pattern, traditional: bool) -> str:
    word = to_traditional(rule.better or "") if traditional else rule.better or ""
    for start, end in reversed(finds):
        text = text[:start] + word + text[end:]
    return text


def _soothe(draft: Draft, rules: CheckRules, language: str, traditional: bool) -> Iterator[Finding]:
    rule, written = rules.soothe, said_by(draft.lines, "customer")[-_MOOD_OVER:]
    since = [line.seq for line in draft.lines if line.speaker == "agent"]
    unanswered = [line for line in written if line.seq > max(since, default=0)]
    mood = max((read_mood(line.text) for line in unanswered), default=Mood.CALM)
    if mood.name.lower() not in rule.moods or rule.soothing.search(in_plain(draft.text)):
        return
    opening = rule.opening("zh-Hans" if is_chinese(draft.text) else "en")
    better = to_traditional(opening) if traditional else opening
    yield Finding("soothe_first", rule.severity, (0, 0), (0, 0), rule.why(language), better)


def _too_long(draft: Draft, rules: CheckRules, language: str) -> Iterator[Finding]:
    for sentence in sentences(draft.text):
        chinese = is_chinese(sentence.text)
        length = len(sentence.text) if chinese else len(sentence.text.split())
        if length > (rules.length.characters if chinese else rules.length.words):
            better = first_half(sentence.text)
            yield Finding(
                "too_long", rules.length.severity, sentence.span, sentence.span, rules.length.why(language), better
            )


def _questions(draft: Draft, rules: CheckRules, language: str) -> Iterator[Finding]:
    answered = max((line.seq for line in draft.lines if line.speaker == "agent"), default=0)
    asked = [line.text for line in said_by(draft.lines, "customer") if line.seq > answered]
    for question in open_questions(asked, draft.text, rules.questions):
        end = len(draft.text)
        why = rules.unanswered.why(language).replace("{question}", question[:40])
        yield Finding("unanswered", rules.unanswered.severity, (end, end), (end, end), why)


def _around(text: str, span: Span) -> Sentence:
    found = [one for one in sentences(text) if one.start <= span[0] < one.end]
    return found[0] if found else Sentence(text, 0)
