#!/usr/bin/env bash
# Takes the pictures of docs/watching.md: docs/pictures/viewer.sh [RUNS], where RUNS holds NAME/.../seed-0 (default:
# runs). Needs xvfb-run (Debian: xvfb).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
runs=${1-runs}

run() { find -L "$runs/$1" -type d -name seed-0 | sort | tail -n 1; }

# take NAME WORDS...: what `atelier watch WORDS` shows after a second and a half
take() {
  local name=$1
  shift
  xvfb-run -a -s "-screen 0 1280x800x24" "$here/../../atelier" watch "$@" --width 1280 --height 800 --seconds 1.5 \
    --screenshot "$here/viewer/$name.png"
}

steps() { printf 'right %.0s' $(seq "$1"); } # so many steps on

take thoughts "$(run lunarlander_ppo)" --policy best --keys "space $(steps 110)"
take tiles "$(run minigrid_doorkey5)" --tile 4x3 --keys "home $(steps 6)"
take two_agents "$(run cartpole_ppo)" "$(run cartpole_dqn)" --metric eval/return_greedy --keys "home $(steps 90)"
take samples "$(run fashion_vae)" --metric valid/neg_elbo --keys "n n"
take two_flows "$(run moons_spline)" "$(run donut_real_nvp)" --metric valid/gap --keys "n n"
take confusion "$(run fashion_cnn)" --metric valid/accuracy
take person FrozenLake8x8-v1 --policy human --keys "right right down right down"
take help "$(run lunarlander_dqn)" --keys "home $(steps 60) h"
