from django.urls import path

from archives import views

urlpatterns = [
    path("<handle:handle>/status/<id:number>", views.status, name="status"),
]
