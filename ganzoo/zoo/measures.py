"""The built-in metrics, and the feature extractors that they look through."""

from __future__ import annotations

from ganzoo.registry.entries import ExtractorEntry, MetricEntry

__all__ = ["EXTRACTORS", "METRICS"]

_HERE = "ganzoo.zoo"
_MIXTURE, _FEATURES, _CLASSIFIER = ("mixture",), ("features",), ("classifier",)

METRICS = (
    MetricEntry(
        "energy-distance",
        f"{_HERE}.metrics.distance:energy_distance",
        "How far apart two laws are; needs nothing but the samples",
    ),
    MetricEntry(
        "sliced-wasserstein",
        f"{_HERE}.metrics.distance:sliced_wasserstein",
        "Transport distance of the samples on random lines",
        ("swd",),
    ),
    MetricEntry(
        "wasserstein",
        f"{_HERE}.metrics.distance:wasserstein",
        "Transport distance of up to 1000 samples, exactly; for points",
    ),
    MetricEntry(
        "modes",
        f"{_HERE}.metrics.mixture:modes",
        "How many modes of a mixture are covered; cannot tell good from best",
        direction="higher",
        unit="modes",
        needs=_MIXTURE,
        ranks=False,
    ),
    MetricEntry(
        "quality",
        f"{_HERE}.metrics.mixture:quality",
        "The share of samples near a mode; one good sample for ever gets 1",
        direction="higher",
        needs=_MIXTURE,
        ranks=False,
    ),
    MetricEntry(
        "mode-kl",
        f"{_HERE}.metrics.mixture:mode_kl",
        "How unevenly the modes are covered",
        unit="nats",
        needs=_MIXTURE,
    ),
    MetricEntry(
        "frechet-distance",
        f"{_HERE}.metrics.frechet:frechet_distance",
        "Distance of Gaussians with the moments of the features; FID on Inception's",
        ("fd",),
        needs=_FEATURES,
    ),
    MetricEntry(
        "fd-infinity",
        f"{_HERE}.metrics.frechet:fd_infinity",
        "The same as of infinitely many samples: the bias of few is extrapolated away",
        ("fid-infinity",),
        needs=_FEATURES,
    ),
    MetricEntry(
        "kid",
        f"{_HERE}.metrics.kernel:kid",
        "Unbiased kernel distance of the features",
        needs=_FEATURES,
    ),
    MetricEntry(
        "rbf-mmd",
        f"{_HERE}.metrics.kernel:rbf_mmd",
        "The same with a Gaussian kernel; CMMD on CLIP's features",
        ("mmd",),
        needs=_FEATURES,
    ),
    MetricEntry(
        "memorisation",
        f"{_HERE}.metrics.copies:memorisation",
        "The share of samples nearer to training than to held-out data; 0.5 is honest",
        ("memorization",),
        needs=(*_FEATURES, "training"),
        ranks=False,
    ),
    *(
        MetricEntry(
            name,
            f"{_HERE}.metrics.manifold:{name}",
            summary,
            direction="higher",
            needs=_FEATURES,
            ranks=False,
        )
        for name, summary in (
            ("precision", "The share of generated samples on the real manifold"),
            ("recall", "The share of real samples on the generated manifold"),
            ("density", "How many real neighbourhoods a generated sample is in"),
            ("coverage", "The share of real neighbourhoods with a generated sample"),
        )
    ),
    MetricEntry(
        "class-modes",
        f"{_HERE}.metrics.classes:class_modes",
        "How many classes a classifier finds among the samples",
        direction="higher",
        unit="classes",
        needs=_CLASSIFIER,
    ),
    MetricEntry(
        "class-kl",
        f"{_HERE}.metrics.classes:class_kl",
        "How far the histogram of predicted classes is from the data's",
        unit="nats",
        needs=_CLASSIFIER,
    ),
    MetricEntry(
        "inception-score",
        f"{_HERE}.metrics.classes:inception_score",
        "Whether samples are surely of a class, and all classes are there",
        ("is",),
        direction="higher",
        needs=_CLASSIFIER,
        ranks=False,
    ),
    *(
        MetricEntry(
            name,
            f"{_HERE}.metrics.classes:{name.replace('-', '_')}",
            summary,
            direction="higher",
            needs=(*_CLASSIFIER, "labels"),
            ranks=False,
        )
        for name, summary in (
            ("class-agreement", "The share of samples that are of the class they were asked to be"),
            ("code-agreement", "The same of learned codes, each matched to a class"),
        )
    ),
)

EXTRACTORS = (
    ExtractorEntry(
        "random-conv",
        f"{_HERE}.extractors.random_conv:random_conv",
        "Untrained convolutions of a fixed seed: a sane fallback for any images",
    ),
    ExtractorEntry(
        "pixels",
        f"{_HERE}.extractors.pixels:pixels",
        "The flattened samples: right for points, nearly blind for images",
    ),
    ExtractorEntry(
        "digits",
        f"{_HERE}.extractors.digits:digits",
        "A small convolutional classifier of scikit-learn's digits",
        classifier=True,
    ),
    ExtractorEntry(
        "stacked-digits",
        f"{_HERE}.extractors.digits:stacked_digits",
        "The same for several digits in the channels of one image",
        classifier=True,
    ),
    ExtractorEntry(
        "inception",
        f"{_HERE}.extractors.inception:inception",
        "Inception with the weights of 2015-12-05: the features of the FID",
        ("fid",),
        classifier=True,
        builtin=False,
    ),
    ExtractorEntry(
        "dinov2",
        f"{_HERE}.extractors.dinov2:dinov2",
        "DINOv2's class token, nearer to people's judgement than Inception",
        builtin=False,
    ),
    ExtractorEntry(
        "module",
        f"{_HERE}.extractors.scripts:module",
        "Any module or callable of one's own, from Python",
        ("callable",),
        builtin=False,
    ),
    ExtractorEntry(
        "torchscript",
        f"{_HERE}.extractors.scripts:torchscript",
        "A network in a TorchScript file",
        builtin=False,
    ),
    ExtractorEntry(
        "safetensors",
        f"{_HERE}.extractors.scripts:safetensors",
        "A classifier of torchvision with weights from a file",
        classifier=True,
        builtin=False,
    ),
)
