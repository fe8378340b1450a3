"""Settings of the embedded server, worked out from made-up machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.config.postgres.machine import limit_files, limit_in, measure, memory_limits
from tagsmith.config.postgres.tuning import GB, KB, MB, Machine, conf_text, server_settings

SIZES = ("shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem", "max_wal_size")


def size(settings, name):
    value = settings[name]
    assert value.endswith("kB")
    return int(value.removesuffix("kB")) * KB


@pytest.mark.parametrize(
    ("memory", "buffers", "work"),
    [(512 * MB, 64 * MB, 4 * MB), (2 * GB, 256 * MB, 16 * MB), (8 * GB, GB, 32 * MB), (64 * GB, 2 * GB, 32 * MB)],
)
def test_buffers_grow_with_the_memory(memory, buffers, work):
    settings = server_settings(Machine(memory, 4))
    assert size(settings, "shared_buffers") == buffers
    assert size(settings, "work_mem") == work


@pytest.mark.parametrize(("free", "wal"), [(GB, 256 * MB), (20 * GB, 2 * GB), (500 * GB, 8 * GB)])
def test_write_ahead_log_grows_with_the_free_disk(free, wal):
    assert size(server_settings(Machine(8 * GB, 4, free_disk=free)), "max_wal_size") == wal


def test_what_never_depends_on_the_machine():
    settings = server_settings(Machine(8 * GB, 4))
    assert settings["random_page_cost"] == "1.1"
    assert settings["wal_compression"] == "off"
    assert settings["synchronous_commit"] == "on"
    assert settings["huge_pages"] == "off"
    assert "fsync" not in settings


@pytest.mark.parametrize(
    ("shared", "kind"), [(None, "posix"), (64 * MB, "mmap"), (12 * GB, "posix")], ids=["no shm", "docker", "machine"]
)
def test_small_shared_memory_is_left_alone(shared, kind):
    assert server_settings(Machine(8 * GB, 4, shared_memory=shared))["dynamic_shared_memory_type"] == kind


@given(
    memory=st.integers(64 * MB, 2**44),
    cores=st.integers(1, 512),
    free=st.integers(0, 2**50),
    shared=st.none() | st.integers(0, 2**44),
)
def test_any_machine_gets_sizes_that_postgresql_takes(memory, cores, free, shared):
    settings = server_settings(Machine(memory, cores, free, shared))
    assert all(4 * MB <= size(settings, name) <= 64 * GB for name in SIZES)
    assert size(settings, "shared_buffers") <= max(memory // 2, 32 * MB)
    assert 0 <= int(settings["max_parallel_workers_per_gather"]) <= int(settings["max_parallel_workers"])
    assert int(settings["max_parallel_workers"]) <= int(settings["max_worker_processes"])


def test_values_are_quoted():
    assert conf_text({"a": "it's", "b": r"x\y"}) == "a = 'it''s'\nb = 'x\\\\y'\n"


def test_limits_of_a_group_and_of_those_around_it_are_asked_version_2():
    assert limit_files("0::/user.slice/app.service\n") == [
        "sys/fs/cgroup/user.slice/app.service/memory.max",
        "sys/fs/cgroup/user.slice/memory.max",
        "sys/fs/cgroup/memory.max",
    ]


def test_limits_of_a_group_and_of_those_around_it_are_asked_version_1():
    assert limit_files("5:cpu,cpuacct:/x\n4:memory:/docker/ab:c\n") == [
        "sys/fs/cgroup/memory/docker/ab:c/memory.limit_in_bytes",
        "sys/fs/cgroup/memory/docker/memory.limit_in_bytes",
        "sys/fs/cgroup/memory/memory.limit_in_bytes",
    ]


def test_group_outside_of_the_own_view_leads_nowhere_else():
    assert limit_files("0::/../../x") == ["sys/fs/cgroup/x/memory.max", "sys/fs/cgroup/memory.max"]


@pytest.mark.parametrize(
    ("text", "limit"),
    [("max\n", None), ("9223372036854771712\n", None), ("0\n", None), ("", None), ("536870912\n", 512 * MB)],
)
def test_limit_is_read(text, limit):
    assert limit_in(text) == limit


def test_limits_are_found_in_the_files(tmp_path):
    files = {
        "proc/self/cgroup": "0::/a/b\n",
        "sys/fs/cgroup/memory.max": "max\n",
        "sys/fs/cgroup/a/memory.max": "1073741824\n",
        "sys/fs/cgroup/a/b/memory.max": "2147483648\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="ascii")
    assert memory_limits(tmp_path) == [2 * GB, GB]


def test_no_control_groups_no_limits(tmp_path):
    assert memory_limits(tmp_path) == []


def test_this_machine_is_measured(tmp_path):
    machine = measure(tmp_path)
    assert machine.memory > 64 * MB
    assert machine.cores >= 1
    assert machine.free_disk > 0
