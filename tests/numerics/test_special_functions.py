import subprocess
import sys

import pytest

from satmeter.numerics import special_functions

NAMES = "chdtrc chndtr expit fdtrc fdtri log_expit logit ndtr ndtri stdtr stdtrit xlogy"


def test_they_are_the_functions_of_the_package_and_it_loads_afterwards():
    code = f"""if True:
        import sys
        from satmeter.numerics.special_functions import special
        assert "scipy.special" not in sys.modules
        import scipy.special, scipy.optimize
        assert special is scipy.special._ufuncs is not scipy.special
        for name in "{NAMES}".split():
            assert getattr(special, name) is getattr(scipy.special, name), name
        assert abs(scipy.special.gammaln(5) - 3.1780538303479458) < 1e-15
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_package_that_is_loaded_is_used(monkeypatch):
    import scipy.special

    assert special_functions.compiled_functions() is scipy.special


def test_a_package_arranged_in_another_way_is_loaded_whole(monkeypatch):
    import scipy.special

    asked = []

    def without_ufuncs(name):
        asked.append(name)
        if name.endswith("._ufuncs"):
            raise ImportError(name)
        return scipy.special

    monkeypatch.delitem(sys.modules, "scipy.special")
    monkeypatch.setattr(special_functions, "import_module", without_ufuncs)
    assert special_functions.compiled_functions() is scipy.special
    assert asked == ["scipy.special._ufuncs", "scipy.special"]
    assert "scipy.special" not in sys.modules


@pytest.mark.parametrize("name", NAMES.split())
def test_they_are_there(name):
    assert hasattr(special_functions.special, name)
