#!/usr/bin/env bash
# Draws the README's pictures of environments anew: docs/pictures/make.sh, from any folder. Needs no display.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

picture() { # name, environment, policy, seed, frame
  "$here/../../atelier" watch "$2" --policy "$3" --seed "$4" --width 640 --height 480 --frames "$scratch/$1"
  cp "$scratch/$1/frame_$(printf %06d "$5").png" "$here/$1.png"
}

picture cartpole CartPole-v1 heuristic 3 8
picture pendulum Pendulum-v1 heuristic 2 25
picture frozenlake FrozenLake-v1 random 3 6
