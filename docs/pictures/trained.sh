#!/usr/bin/env bash
# Records a film of each trained agent: docs/pictures/trained.sh [RUNS], where RUNS holds NAME/.../seed-0 (default: runs).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
runs=${1-runs}

for name in acrobot_dqn cliffwalking_qlearning gridworld_qlearning lunarlander_dqn lunarlander_ppo minigrid_doorkey5 \
  minigrid_empty mountaincar_dqn taxi_qlearning; do
  run=$(find -L "$runs/$name" -type d -name seed-0 | sort | tail -n 1)
  "$here/../../atelier" watch "$run" --policy best --record "$here/$name.gif" --width 360 --height 240
done
