"""The kernels say the same without the compiler."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

CASE = """
import runpy, sys
import numpy as np
from dataclasses import replace
from hinomi.watch.observe import observe
c = runpy.run_path(sys.argv[1])
radar = replace(c["RADAR"], lat_deg=35.0, reference_range_m=3e6, frame_s=5, revisit_s=3,
                min_el_rad=0.01, sector_rad=3.0, face_az_rad=5.9, false_plots_per_frame=0.2,
                range_bias_m=10.0, angle_bias_rad=1e-4)
other = replace(radar, name="OTHER", mask_el_rad=(0.02, 0.03), refraction="four-thirds",
                fluctuation=0, track_share=0.02, resolves=True, windows_s=((5.0, 90.0),))
low = replace(c["LOW"], node_rad=2.48, argument_rad=0.6, sun_exclusion_rad=0.1, field_rad=1.5)
high = replace(c["HIGH"], clutter_per_hour_mkm2=2.0, sun_exclusion_rad=0.1)
group = replace(c["sensors"](radar, other, high, low, greenwich_rad=0.3), sun=(0.8, 0.0, 0.6))
plots = observe(c["raid"](2, seconds=120, intensity_w_sr=1e5), group, draws=c["Chance"]())
table = np.column_stack([plots.t_s, plots.t_available_s, plots.sensor, plots.body,
                         plots.site_m, plots.los, np.nan_to_num(plots.range_m),
                         plots.sigma_los_rad, plots.snr_db])
np.save(sys.argv[2], table)
"""


def test_interpreted_kernels_give_the_same_plots(tmp_path):
    tables = []
    for off in ("1", "0"):
        out = tmp_path / f"plots{off}.npy"
        subprocess.run(
            [sys.executable, "-c", CASE, str(Path(__file__).with_name("watch_cases.py")), str(out)],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            check=True,
            timeout=200,
        )
        tables.append(np.load(out))
    assert set(tables[0][:, 2]) == {0.0, 1.0, 2.0, 3.0}  # every kind of sensor
    assert set(tables[0][:, 3]) == {-1.0, 0.0, 1.0}  # both bodies and false plots
    assert tables[0].shape == tables[1].shape
    np.testing.assert_allclose(tables[0], tables[1], rtol=1e-9, atol=1e-9)
