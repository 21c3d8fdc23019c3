from django.urls import path

from archives.views import exports, old_addresses

urlpatterns = [
    path("settings/export", exports.settings_export, name="settings_export"),
    path("settings/export/download", exports.download, name="settings_export_download"),
    path("<handle:handle>/status/<id:number>", old_addresses.status, name="status"),
]
