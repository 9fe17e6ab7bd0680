"""A satellite of which only the orbit matters: tests of orbits and of lines of sight change that."""

from hinomi.records.plots import Infrared

SATELLITE = Infrared(
    name="SAT",
    owner="US",
    semi_major_axis_m=7378137.0,
    inclination_rad=0.0,
    node_rad=0.0,
    argument_rad=0.0,
    stationary=False,
    frame_s=1,
    phase_s=0,
    band=0,
    intensity_ref_w_sr=1.0,
    reference_range_m=1.0,
    threshold=5.0,
    angle_floor_rad=0.0,
    pixel_rad=0.0,
    bias_rad=0.0,
    graze_m=10e3,
    latency_s=(0.0, 0.0, 0.0),
)
