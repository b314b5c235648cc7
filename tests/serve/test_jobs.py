"""What is kept in memory, and what is let go."""

import json

from hypothesis import given
from hypothesis import strategies as st

from rhetoric.serve.jobs import Entry, Job, Jobs, title_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def finished(size: int = 10) -> Job:
    job = Job(entries=[Entry("a title", b"x" * size)])
    job.finish()
    return job


def test_a_job_is_there_for_an_hour_since_it_was_seen() -> None:
    clock = Clock()
    jobs = Jobs(seconds=3600, clock=clock)
    job = finished()
    jobs.add(job)
    clock.now = 3000
    assert jobs.get(job.id) is job
    clock.now = 6000
    assert jobs.get(job.id) is job
    clock.now = 9601
    assert jobs.get(job.id) is None
    assert len(jobs) == 0


def test_one_under_way_is_never_let_go() -> None:
    clock = Clock()
    jobs = Jobs(most=2, clock=clock)
    under_way = Job()
    jobs.add(under_way)
    for _ in range(5):
        jobs.add(finished())
    clock.now = 1e6
    assert jobs.get(under_way.id) is under_way
    assert len(jobs) == 1


@given(st.lists(st.integers(0, 60), max_size=40))
def test_memory_is_bounded_and_the_newest_stay(sizes: list[int]) -> None:
    jobs = Jobs(most=5, size=100)
    added = []
    for size in sizes:
        added.append(finished(size))
        jobs.add(added[-1])
    there = [job for job in added if jobs.get(job.id)]
    assert len(there) <= 5
    assert sum(job.size for job in there) <= 100
    assert there == added[len(added) - len(there) :]


def test_forgetting() -> None:
    jobs = Jobs()
    job = finished()
    jobs.add(job)
    jobs.forget(job.id)
    jobs.forget("never there")
    assert jobs.get(job.id) is None


def test_reports_and_form_values_count() -> None:
    job = Job({"text": "x" * 30}, entries=[Entry("a", b"x" * 10, reports={False: "x" * 20, True: "x" * 5})])
    job.comparison = Entry("a and b", reports={False: "x" * 7})
    assert job.size == 72


def test_titles() -> None:
    record = {"id": "\u202e", "text": "The race\nis on. " * 9, "meta": {}}
    assert title_of(json.dumps({**record, "meta": {"title": "A\u202e race\n"}}).encode()) == "A race"
    assert title_of(json.dumps({**record, "meta": {"source": "a-report.txt"}}).encode()) == "a-report.txt"
    assert title_of(json.dumps(record).encode()).startswith("The race is on.")
    assert title_of(json.dumps({**record, "text": "\u202e"}).encode()) == "Untitled"
    two = Job(compare=True, entries=[Entry("One", b"x"), Entry("Two", b"x")])
    assert two.title == "One and Two"
