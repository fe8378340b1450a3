"""The server's settings, worked out from the machine. Pure: what the machine is like is `machine`'s business."""

from dataclasses import dataclass

KB = 2**10
MB = 2**20
GB = 2**30


@dataclass(frozen=True)
class Machine:
    """What the server has at its disposal, in bytes; `shared_memory` is that of /dev/shm, none where there is none."""

    memory: int
    cores: int
    free_disk: int = 100 * GB
    shared_memory: int | None = None


def server_settings(machine: Machine) -> dict[str, str]:
    """Return the settings that depend on the machine and those that never do."""
    return {**_memory(machine), **_workers(machine.cores), **_disk(machine.free_disk), **_FIXED}


def conf_text(settings: dict[str, str]) -> str:
    """Return settings as a PostgreSQL configuration file."""
    quoted = {name: value.replace("\\", "\\\\").replace("'", "''") for name, value in settings.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in quoted.items())


def _memory(machine: Machine) -> dict[str, str]:
    memory = machine.memory
    maintenance = _between(32 * MB, memory // 16, GB)
    return {
        "shared_buffers": _size(_between(32 * MB, memory // 8, 2 * GB)),
        "effective_cache_size": _size(_between(64 * MB, memory // 2, 64 * GB)),
        "work_mem": _size(_between(4 * MB, memory // 128, 32 * MB)),
        "maintenance_work_mem": _size(maintenance),
        "autovacuum_work_mem": _size(_between(16 * MB, memory // 64, 128 * MB)),
        "dynamic_shared_memory_type": _shared_memory_type(machine.shared_memory, maintenance),
        "huge_pages": "off",  # where a container may not use those it sees, trying kills the server
    }


def _shared_memory_type(shared_memory: int | None, maintenance: int) -> str:
    """Files, where /dev/shm is too small for parallel queries and index builds, as the 64 MB of a Docker container."""
    return "mmap" if shared_memory is not None and shared_memory < maintenance + 256 * MB else "posix"


def _workers(cores: int) -> dict[str, str]:
    return {
        "max_connections": "60",
        "max_worker_processes": str(max(8, cores)),
        "max_parallel_workers": str(max(1, cores)),
        "max_parallel_workers_per_gather": str(_between(0, cores // 2, 4)),
        "max_parallel_maintenance_workers": str(_between(0, cores // 2, 4)),
    }


def _disk(free: int) -> dict[str, str]:
    return {"max_wal_size": _size(_between(256 * MB, free // 10, 8 * GB)), "checkpoint_timeout": "15min"}


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))


def _size(count: int) -> str:
    return f"{count // KB}kB"


_FIXED = {
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "wal_compression": "off",  # without lz4 it costs more time than it saves
    "autovacuum_vacuum_scale_factor": "0.05",  # tables here are long, and re-tagging rewrites parts of them
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_cost_limit": "1000",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "logging_collector": "off",  # the server writes to the log that it was started with
}
