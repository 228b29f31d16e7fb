"""What formats are written from: drawings are made once, and only those that are wanted."""

from satmeter.report import material
from satmeter.report.context import Figure
from satmeter.report.plots import PathPlot


def test_images_are_drawn_once_and_only_when_wanted(monkeypatch):
    drawn = []
    monkeypatch.setattr(material, "draw_png", lambda figure: drawn.append(figure.name) or figure.name.encode())
    plot = PathPlot((), (), "settled", "open")
    images = material.Images({name: Figure(name, "caption", "alt", plot) for name in ("a", "b")})
    assert (list(images), len(images), drawn) == (["a", "b"], 2, [])
    assert [images["b"], images["b"]] == [b"b", b"b"]
    assert drawn == ["b"]
