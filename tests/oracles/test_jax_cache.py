"""What JAX compiles is kept where nobody has chosen a folder, and nowhere else."""

import pytest

FOLDER = "jax_compilation_cache_dir"


@pytest.fixture
def jax():
    """Imported where a test asks for it: it takes a second."""
    return pytest.importorskip("jax")


@pytest.fixture
def keep(jax):
    """What asks JAX to keep what it compiles."""
    from reference_impls.jax_cache import keep

    return keep


@pytest.fixture(params=[None, "chosen"])
def chosen(request, jax):
    """The folder that JAX keeps things in before it is asked."""
    before = getattr(jax.config, FOLDER)
    jax.config.update(FOLDER, request.param)
    yield request.param
    jax.config.update(FOLDER, before)


def test_a_folder_of_the_users_own_is_taken_unless_one_is_chosen(
    jax, keep, chosen, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    keep()

    taken = [str(path) for path in tmp_path.glob("adjudge/jax-*")]
    assert [getattr(jax.config, FOLDER)] == (taken or ["chosen"])
    assert bool(taken) == (chosen is None)


@pytest.mark.parametrize("chosen", [None], indirect=True)
def test_nothing_is_kept_where_nothing_can_be_written(jax, keep, chosen, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "adjudge").write_text("a file stands where the folder should")

    keep()

    assert getattr(jax.config, FOLDER) is None
