"""The import pages: each view answers one address, and leaves figures to `desk/imports/pages`, writing to the services.

In the order of an import: `uploading` lists and takes files, `looking` shows one, `choosing` keeps the answers that its
preview asks for, `publishing` publishes it or takes it back; `common` is what these share.
"""
