from tagsmith.assets.arrays import array_of


def test_array_is_written_as_postgresql_reads_it():
    assert array_of([3, -1]) == "{3,-1}"
    assert array_of([]) == "{}"
