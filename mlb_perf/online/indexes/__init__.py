"""What ``index.py`` and a rebuild need to build, replace and drop indexes while others write."""
